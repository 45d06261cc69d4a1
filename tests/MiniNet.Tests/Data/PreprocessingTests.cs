using MiniNet.Data;
using MiniNet.Tensors;

namespace MiniNet.Tests.Data;

public sealed class PreprocessingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Fit_Iris_MatchesScikitLearn()
    {
        // StandardScaler().fit(X): mean_ and scale_
        CsvDataset iris = CsvDataset.Load(Repository.Dataset("iris.csv"), "species");
        Preprocessing preprocessing = Preprocessing.Fit(iris);
        double[] means = [5.843333333333334, 3.0573333333333337, 3.7580000000000005, 1.1993333333333336];
        double[] deviations = [0.8253012917851409, 0.43441096773549437, 1.7594040657753032, 0.7596926279021594];
        for (int i = 0; i < 4; i++)
        {
            var scaler = Assert.IsType<StandardScaler>(preprocessing.Columns[i]);
            Assert.Equal(means[i], scaler.Mean, 1e-6); // cells are read as float32
            Assert.Equal(deviations[i], scaler.StandardDeviation, 1e-6);
        }

        // StandardScaler().fit_transform(X)[[0, 41, 75, 149]]
        float[,] expected =
        {
            { -0.9006811703f, 1.019004352f, -1.3402265266f, -1.315444295f },
            { -1.627688393f, -1.7433568431f, -1.3970639535f, -1.1838121107f },
            { 0.9168368864f, -0.1319794793f, 0.3648962808f, 0.2641419165f },
            { 0.0686617933f, -0.1319794793f, 0.7627582692f, 0.7906706536f },
        };
        Dataset data = preprocessing.Apply(iris);
        int[] rows = [0, 41, 75, 149];
        for (int r = 0; r < 4; r++)
        {
            for (int i = 0; i < 4; i++)
            {
                Assert.Equal(expected[r, i], data.Inputs[rows[r], i], 1e-5f);
            }
        }
    }

    [Fact]
    public void Fit_ChangedOtherRows_HaveNoEffect()
    {
        string[] lines = File.ReadAllLines(Repository.Dataset("iris.csv"));
        (CsvDataset training, CsvDataset validation, CsvDataset test) =
            CsvDataset.Load(Repository.Dataset("iris.csv"), "species").Split(70, 15, 15, seed: 3);
        foreach (int row in (int[])[.. validation.Rows, .. test.Rows])
        {
            lines[row + 1] = "-1000,2000,3000,1e9," + lines[row + 1].Split(',')[4];
        }

        CsvDataset changed =
            CsvDataset.Load(folder.Write("changed.csv", string.Join('\n', lines)), "species").Split(70, 15, 15, seed: 3).Training;
        Assert.Equal(training.Rows.ToArray(), changed.Rows.ToArray());
        Assert.Equal(Figures(training), Figures(changed));
        Assert.Equal(
            Preprocessing.Fit(training).Apply(training).Inputs.Span.ToArray(),
            Preprocessing.Fit(changed).Apply(changed).Inputs.Span.ToArray());
    }

    [Fact]
    public void Apply_TrainingRows_HaveMean0AndStandardDeviation1()
    {
        CsvDataset training = CsvDataset.Load(Repository.Dataset("iris.csv"), "species").Split(70, 15, 15, seed: 4).Training;
        Dataset data = Preprocessing.Fit(training).Apply(training);
        for (int c = 0; c < 4; c++)
        {
            double[] x = [.. Enumerable.Range(0, data.Count).Select(row => (double)data.Inputs[row, c])];
            double mean = x.Average();
            Assert.Equal(0, mean, 1e-6);
            Assert.Equal(1, Math.Sqrt(x.Average(value => (value - mean) * (value - mean))), 1e-6);
        }
    }

    [Fact]
    public void Fit_ConstantColumn_HasStandardDeviation1()
    {
        CsvDataset data = Load("a,t\n0.1,x\n0.1,y\n0.1,x\n");
        var scaler = Assert.IsType<StandardScaler>(Preprocessing.Fit(data).Columns[0]);
        Assert.Equal(1, scaler.StandardDeviation);
        Assert.All(Preprocessing.Fit(data).Apply(data).Inputs.Span.ToArray(), value => Assert.Equal(0, value, 1e-6f));
    }

    [Fact]
    public void Apply_MixedColumns_AreInTheOrderOfTheFile()
    {
        CsvDataset data = Load("colour,a,t\nred,1,x\nblue,3,y\nred,5,x\ngreen,7,y\n");
        Preprocessing preprocessing = Preprocessing.Fit(data);
        Dataset applied = preprocessing.Apply(data);
        float s = (float)Math.Sqrt(5); // of 1, 3, 5, 7 the mean is 4 and the variance 5
        float[,] expected =
        {
            { 0, 0, 1, -3 / s },
            { 1, 0, 0, -1 / s },
            { 0, 0, 1, 1 / s },
            { 0, 1, 0, 3 / s },
        };
        Assert.Equal(4, preprocessing.Inputs);
        for (int row = 0; row < 4; row++)
        {
            for (int i = 0; i < 4; i++)
            {
                Assert.Equal(expected[row, i], applied.Inputs[row, i], 1e-6f);
            }
        }

        Assert.Equal([0, 1, 0, 1], applied.Targets.Classes.ToArray());
        Assert.Equal(["x", "y"], applied.Classes);
    }

    [Fact]
    public void Apply_UnknownCategory_IsEncodedAsZerosAndReported()
    {
        // Every row has a different colour, so the colours of the other rows are unknown.
        CsvDataset data = Load(
            "colour,t\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"colour{i:00},{(i % 2 == 0 ? "x" : "y")}\n")));
        (CsvDataset training, _, CsvDataset test) = data.Split(70, 15, 15, seed: 1);
        Preprocessing preprocessing = Preprocessing.Fit(training);

        Assert.Equal(training.Count, preprocessing.Inputs);
        Assert.All(preprocessing.Apply(test).Inputs.Span.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal(test.Rows.ToArray().Select(row => ("colour", $"colour{row:00}", 1)), preprocessing.UnknownCategories(test));
        Assert.Empty(preprocessing.UnknownCategories(training));
        for (int row = 0; row < training.Count; row++)
        {
            Assert.Equal(1, preprocessing.Apply(training).Inputs.Row(row).ToArray().Sum());
        }
    }

    [Fact]
    public void UnknownCategories_CountsTheRows()
    {
        CsvDataset data = Load("colour,b,t\nred,k,x\nblue,k,y\nblue,k,y\nblue,m,x\n");
        var preprocessing = new Preprocessing([new OneHotEncoder("colour", ["red"]), new OneHotEncoder("b", ["k"])], "t", ["x", "y"]);
        Assert.Equal([("colour", "blue", 3), ("b", "m", 1)], preprocessing.UnknownCategories(data));
    }

    [Fact]
    public void Apply_OtherColumnOrder_GivesTheSameInputs()
    {
        var preprocessing = Preprocessing.Fit(Load("colour,a,b,t\nred,1,10,x\nblue,3,20,y\nred,5,20,x\ngreen,7,10,y\n"));
        Dataset applied = preprocessing.Apply(Load("b,note,t,a,colour\n10,n,y,7,green\n20,n,x,3,blue\n"));
        float s = (float)Math.Sqrt(5); // of 1, 3, 5, 7 the mean is 4 and the variance 5; of 10, 20, 20, 10 they are 15 and 25
        float[] expected = [0, 1, 0, 3 / s, -1, 1, 0, 0, -1 / s, 1];
        Assert.Equal(new Shape(2, 5), applied.Inputs.Shape);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], applied.Inputs.Span[i], 1e-6f);
        }

        Assert.Equal([1, 0], applied.Targets.Classes.ToArray());
    }

    [Fact]
    public void Apply_FileWithoutOneClass_KeepsTheClassIndices()
    {
        var preprocessing = Preprocessing.Fit(Load("a,t\n1,x\n2,y\n3,z\n"));
        CsvDataset second = Load("a,t\n1,z\n2,y\n3,z\n");
        Assert.Equal(["y", "z"], second.Classes);
        Dataset applied = preprocessing.Apply(second);
        Assert.Equal([2, 1, 2], applied.Targets.Classes.ToArray());
        Assert.Equal(["x", "y", "z"], applied.Classes);
    }

    [Theory]
    [InlineData("colour,a,t\nred,1,x\nred,2,w\n", "'w' in the target 't' is not a class of the training rows; the classes are x, y.")]
    [InlineData("color,a,t\nred,1,x\nred,2,y\n", "there is no column 'colour'; the columns are color, a.")]
    [InlineData("colour,a,t\n4,1,x\n5,2,y\n", "column 'colour' holds numbers, but held words in training.")]
    [InlineData("colour,a,t\nred,one,x\nred,two,y\n", "column 'a' holds words, but held numbers in training.")]
    public void Apply_FileWithOtherColumns_ReportsTheProblem(string text, string problem)
    {
        var preprocessing = Preprocessing.Fit(Load("colour,a,t\nred,1,x\nblue,3,y\n"));
        CsvDataset second = Load(text);
        Assert.Equal($"{second.Path}: {problem}", Assert.Throws<DataFormatException>(() => preprocessing.Apply(second)).Message);
    }

    [Fact]
    public void Apply_NumberTooLargeToScale_ReportsRowAndColumn()
    {
        // The standard deviation is 1e-10, so 1e30 would become 1e40.
        var preprocessing = Preprocessing.Fit(Load("b,a,t\n1,0,x\n2,2e-10,y\n"));
        CsvDataset second = Load("a,b,t\n1e-10,1,x\n0,1,y\n-1e30,1,x\n");
        var e = Assert.Throws<DataFormatException>(() => preprocessing.Apply(second));
        Assert.Equal($"{second.Path}, row 3, column 'a': the number is too large to be scaled in float32; remove the row.", e.Message);
    }

    [Fact]
    public void Apply_TooManyInputs_ReportsTheWidestColumn()
    {
        const int rows = 47_000; // squared, more than 2³¹
        CsvDataset data = Load("a,id,t\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i},n{i},{(i % 2 == 0 ? "x" : "y")}\n")));
        var e = Assert.Throws<DataFormatException>(() => Preprocessing.Fit(data).Apply(data));
        Assert.Equal(
            $"{data.Path}: 47000 rows of 47001 inputs are too many for one table. Column 'id' alone has 47000 categories; remove it " +
            "if it holds names or row numbers.",
            e.Message);
    }

    [Fact]
    public void UnknownCategories_OtherFile_MatchesColumnsByName()
    {
        var preprocessing = Preprocessing.Fit(Load("colour,a,size,t\nred,1,small,x\nblue,3,large,y\n"));
        CsvDataset second = Load("size,colour,t,a\nred,red,x,1\nsmall,small,y,2\nlarge,small,y,2\n");
        Assert.Equal([("colour", "small", 2), ("size", "red", 1)], preprocessing.UnknownCategories(second));
        CsvDataset without = Load("size,a,t\nsmall,1,x\nlarge,2,y\n");
        Assert.Equal(
            $"{without.Path}: there is no column 'colour'; the columns are size, a.",
            Assert.Throws<DataFormatException>(() => preprocessing.UnknownCategories(without)).Message);
    }

    private static double[] Figures(CsvDataset data) =>
        [.. Preprocessing.Fit(data).Columns.Cast<StandardScaler>().SelectMany(scaler => new[] { scaler.Mean, scaler.StandardDeviation })];

    private CsvDataset Load(string text) => CsvDataset.Load(folder.Write("f.csv", text), "t");
}
