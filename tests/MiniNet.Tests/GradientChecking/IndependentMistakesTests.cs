using MiniNet.GradientChecking;
using MiniNet.Graphs;

namespace MiniNet.Tests.GradientChecking;

public class IndependentMistakesTests
{
    // The actual message for each mistake. The message that its author proposed is IndependentMistake.ExpectedCause.
    private static readonly Dictionary<string, string> Causes = new(StringComparer.Ordinal)
    {
        [nameof(BatchNormOfConstantVariance)] = "it is off by a constant plus a multiple of x in each column: is a mean or a variance "
            + "treated as a constant?",
        [nameof(SoftmaxOfTheDiagonal)] = "it is right only for the y at the same position: do other elements of y depend on this x "
            + "too, as in a softmax?",
        [nameof(EluOfSlopeOne)] = "3 of 6 elements are right, and all wrong ones are where x is -0.3 or less: is a case, a row, a "
            + "column or one of several uses missing?",
        [nameof(ConvolutionOfUnitStride)] = "no common mistake fits: derive the gradient again, term by term",
        [nameof(MaxPoolOfTheFirst)] = "the sum of each row is right: is it added to the wrong elements?",
        [nameof(DropoutThatDrawsAgain)] = "Backward gives a different result the second time: does it draw new random numbers, or "
            + "change a tensor that Forward kept?",
        [nameof(EmbeddingOfFirstUses)] = "12 of 15 elements are right, and all wrong ones are in row 1: is a case, a row, a column or "
            + "one of several uses missing?",
        [nameof(BilinearWithoutATranspose)] = "it is right for the transpose of weight: is a transpose missing, or one too many?",
        [nameof(LogisticLossByRows)] = "every element is 3 times what it should be: is a factor missing, the number of columns?",
        [nameof(LogCoshOnItsOwn)] = "every element is 0.7299 times what it should be: is a factor missing, the incoming dL?",
    };

    public static TheoryData<string> Names => [.. IndependentMistakes.All.Select(mistake => mistake.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Check_MistakeByIndependentAuthor_ReportsCause(string name)
    {
        IndependentMistake mistake = IndependentMistakes.All.Single(mistake => mistake.Name == name);
        FaultyCase planted = mistake.Create();
        GradientReport report = planted.Operation switch
        {
            Layer layer => GradientCheck.Check(layer, planted.Inputs[0]),
            BinaryLayer layer => GradientCheck.Check(layer, planted.Inputs[0], planted.Inputs[1]),
            _ => GradientCheck.Check((Loss)planted.Operation, planted.Inputs[0], planted.Targets!),
        };
        GradientFinding[] wrong = [.. report.Gradients.Where(gradient => !gradient.Passed)];
        Assert.Equal(mistake.WrongGradients, wrong.Select(gradient => gradient.Name));
        Assert.All(wrong, gradient => Assert.Equal(Causes[name], gradient.LikelyCause));
    }
}
