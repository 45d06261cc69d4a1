using MiniNet.Calculus;
using MiniNet.Graphs;

namespace MiniNet.Tests.Calculus;

public class PlantedByAnotherTests
{
    [Fact]
    public void Show()
    {
        string all = "";
        foreach (PlantedMistake mistake in PlantedByAnother.All)
        {
            PlantedCase planted = mistake.Create();
            GradientReport report = planted.Operation switch
            {
                Layer layer => GradientCheck.Check(layer, planted.Inputs[0]),
                MergeLayer layer => GradientCheck.Check(layer, planted.Inputs[0], planted.Inputs[1]),
                _ => GradientCheck.Check((Loss)planted.Operation, planted.Inputs[0], planted.Targets!),
            };
            all += $"{mistake}: {mistake.ExpectedCause}; {string.Join(",", mistake.WrongGradients)}\n   {report}\n";
        }

        File.WriteAllText("out/chk/planted.txt", all);
    }
}
