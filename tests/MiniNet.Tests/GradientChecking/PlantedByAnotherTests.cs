using MiniNet.GradientChecking;
using MiniNet.Graphs;

namespace MiniNet.Tests.GradientChecking;

public class PlantedByAnotherTests
{
    // What the checker says to each, beside what its author would like to be told: PlantedMistake.ExpectedCause.
    private static readonly Dictionary<string, string> Causes = new(StringComparer.Ordinal)
    {
        [nameof(BatchNormOfConstantVariance)] = "it is off by a number and a multiple of x in each column: is a mean or a variance taken for a constant?",
        [nameof(SoftmaxOfTheDiagonal)] = "it is right for the y in the same place alone: do other y depend on this x too, as in a softmax?",
        [nameof(EluOfSlopeOne)] = "3 of 6 elements are right, and all that are not lie where x is -0.3 or less: is a case, a row, a column or one of several uses left out?",
        [nameof(ConvolutionOfUnitStride)] = "no simple mistake fits: work the derivative out again, term by term",
        [nameof(MaxPoolOfTheFirst)] = "the sum of each row is right: does it go to the wrong elements?",
        [nameof(DropoutThatDrawsAgain)] = "Backward gives another result the second time: does it draw random numbers anew, or change what Forward kept?",
        [nameof(EmbeddingOfFirstUses)] = "12 of 15 elements are right, and all that are not lie in row 1: is a case, a row, a column or one of several uses left out?",
        [nameof(BilinearWithoutATranspose)] = "it is right for weight with rows and columns exchanged: is a transpose missing, or one too many?",
        [nameof(LogisticLossByRows)] = "every element is 3 times what it should be: is a factor missing, the number of columns?",
        [nameof(LogCoshOnItsOwn)] = "every element is 0.7299 times what it should be: is a factor missing, the dL that comes in?",
    };

    public static TheoryData<string> Names => [.. PlantedByAnother.All.Select(mistake => mistake.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_MistakeByAnotherHand_IsCaughtAndNamed(string name)
    {
        PlantedMistake mistake = PlantedByAnother.All.Single(mistake => mistake.Name == name);
        PlantedCase planted = mistake.Create();
        GradientReport report = planted.Operation switch
        {
            Layer layer => GradientCheck.Check(layer, planted.Inputs[0]),
            MergeLayer layer => GradientCheck.Check(layer, planted.Inputs[0], planted.Inputs[1]),
            _ => GradientCheck.Check((Loss)planted.Operation, planted.Inputs[0], planted.Targets!),
        };
        GradientFinding[] wrong = [.. report.Gradients.Where(gradient => !gradient.Passed)];
        Assert.Equal(mistake.WrongGradients, wrong.Select(gradient => gradient.Name));
        Assert.All(wrong, gradient => Assert.Equal(Causes[name], gradient.LikelyCause));
    }
}
