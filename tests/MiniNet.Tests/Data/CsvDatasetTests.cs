using System.IO.Pipes;
using MiniNet.Data;

namespace MiniNet.Tests.Data;

public sealed class CsvDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a,t\n", ": there are no rows under the header.")]
    [InlineData("a,t", ": there are no rows under the header.")]
    [InlineData("b,a\n1,x\n", ": there is no target column 't'. The columns are b, a.")]
    [InlineData("t\nx\ny\n", ": the target 't' is the only column; add columns to predict it from.")]
    [InlineData("a,t\n1,x\n2,x\n", ": the target 't' is 'x' in every row; a classifier needs at least two classes.")]
    [InlineData("a,t\n1,7\n2,7\n", ": the target 't' is '7' in every row; a classifier needs at least two classes.")]
    [InlineData(
        "a,t\n1,x\nNaN,y\n",
        ", row 2 (line 3), column 'a': 'NaN' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData(
        "a,t\n1,x\n-inf,y\n",
        ", row 2 (line 3), column 'a': '-inf' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData(
        "a,t\n1,x\nInfinity,y\n",
        ", row 2 (line 3), column 'a': 'Infinity' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData(
        "a,t\n1,x\n1e999,y\n",
        ", row 2 (line 3), column 'a': '1e999' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData(
        "a,t\n1,1\n2,nan\n",
        ", row 2 (line 3), column 't': 'nan' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData("a,t\n1,x\n2,\n", ", row 2 (line 3), column 't': the cell is empty; fill it in, or remove the row.")]
    public void Load_BadTable_ReportsThePlace(string text, string message) => Refuses(text, message);

    [Theory]
    [InlineData(
        "a,t\n1,x\nLONG,y\n",
        ", row 2 (line 3), column 'a': 'SHORT' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData("a,t\n1,LONGw\n2,LONGw\n", ": the target 't' is 'SHORT' in every row; a classifier needs at least two classes.")]
    [InlineData(
        "a;t\nLONG,5;x\n1,5;y\n",
        ", row 1 (line 2), column 'a': 'SHORT' has a decimal comma, like others in this column; write numbers with a decimal point.")]
    [InlineData("a,LONG\n1,x\n", ": there is no target column 't'. The columns are a, SHORT.")]
    [InlineData("LONG,LONG\n1,x\n", ": columns 1 and 2 are both called 'SHORT'; rename one.")]
    [InlineData(
        "LONG,t\nnan,x\n1,y\n",
        ", row 1 (line 2), column 'SHORT': 'nan' is not a finite number that fits float32; correct it, or remove the row.")]
    public void Load_BadLongCell_QuotesItsBeginning(string text, string message) => Refuses(
        text.Replace("LONG", new string('7', 1000), StringComparison.Ordinal),
        message.Replace("SHORT", new string('7', 60) + "…", StringComparison.Ordinal));

    [Fact]
    public void Load_BadLongCell_QuotesNoHalfSurrogatePair() => Refuses(
        Column20(numbers: 19, 10, new string('w', 59) + "𝛿" + new string('w', 1000)),
        $", row 11 (line 12), column 'a': '{new string('w', 59)}…' is not a number, but at least 95 % of this column are; correct it, " +
        "or remove the row.");

    [Theory]
    [InlineData(10, "not a number")]
    [InlineData(0, "word first")]
    public void Load_19Of20AreNumbers_ReportsTheWord(int place, string word) => Refuses(
        Column20(numbers: 19, place, word),
        $", row {place + 1} (line {place + 2}), column 'a': '{word}' is not a number, but at least 95 % of this column are; correct " +
        "it, or remove the row.");

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public void Load_18Of20AreNumbers_IsCategorical(int place)
    {
        CsvDataset data = Load(Column20(numbers: 18, place, "word"));
        var column = Assert.IsType<CategoricalColumn>(data.Columns[0]);
        string[] expected = [.. Enumerable.Range(0, 20).Select(i => i == place || i == place + 1 ? "word" : $"{i}.5")];
        Assert.Equal(expected, column.Codes.Select(code => column.Categories[code]), StringComparer.Ordinal);
        Assert.Equal(expected.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), column.Categories, StringComparer.Ordinal);
    }

    [Fact]
    public void Load_AllColumnTypes_KeepsTheCells()
    {
        CsvDataset data = Load("a,b,t,c\n1,red,no,-2.5e1\n+2,\"dark, red\",yes,.5\n1,red,no,007\n");
        Assert.Equal(["a", "b", "c"], data.Columns.Select(column => column.Name), StringComparer.Ordinal);
        Assert.Equal([1f, 2f, 1f], Assert.IsType<NumericColumn>(data.Columns[0]).Values);
        var b = Assert.IsType<CategoricalColumn>(data.Columns[1]);
        Assert.Equal(["dark, red", "red"], b.Categories);
        Assert.Equal([1, 0, 1], b.Codes);
        Assert.Equal([-25f, .5f, 7f], Assert.IsType<NumericColumn>(data.Columns[2]).Values);
        Assert.Equal(["no", "yes"], data.Classes);
        Assert.Equal([0, 1, 0], Enumerable.Range(0, data.Count).Select(data.ClassOf));
        Assert.False(data.IsTargetNumeric);
        Assert.Equal([2, 1], data.CountClasses());
    }

    [Theory]
    [InlineData("\n", "\n")]
    [InlineData("\n", "")]
    [InlineData("\r\n", "\r\n")]
    [InlineData("\r", "\r")]
    [InlineData("\n\n\n", "\n")]
    [InlineData(" \n", "\n")]
    public void Load_AnyLineEnding_ReadsEachRow(string end, string lastEnd)
    {
        CsvDataset data = Load("a,b,t" + end + string.Join(end, Enumerable.Range(0, 1000).Select(i => $"{i},w{i % 3},{i % 2}")) + lastEnd);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (float)i), Assert.IsType<NumericColumn>(data.Columns[0]).Values);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => i % 3), Assert.IsType<CategoricalColumn>(data.Columns[1]).Codes);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => i % 2), Enumerable.Range(0, data.Count).Select(data.ClassOf));
    }

    [Fact]
    public void Load_FromPipe_ReadsItOnce()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no /proc.");
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        pipe.Write(File.ReadAllBytes(Repository.Dataset("iris.csv"))); // less than a pipe holds
        pipe.SafePipeHandle.Dispose();
        CsvDataset data = CsvDataset.Load($"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}", "species");
        Assert.Equal(150, data.Count);
        Assert.Equal(
            CsvDataset.Load(Repository.Dataset("iris.csv"), "species").Columns.SelectMany(column => ((NumericColumn)column).Values),
            data.Columns.SelectMany(column => ((NumericColumn)column).Values));
    }

    [Fact]
    public void Load_NumericClasses_AreSortedAsNumbers()
    {
        CsvDataset data = Load("a,t\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i},{new[] { 10, 2, -1 }[i % 3]}\n")));
        Assert.Equal(["-1", "2", "10"], data.Classes);
        Assert.True(data.IsTargetNumeric);
        Assert.Equal([2, 1, 0, 2], Enumerable.Range(0, 4).Select(data.ClassOf));
    }

    [Theory]
    [InlineData(2, 6, true)] // at most ten: each three times on average
    [InlineData(5, 14, false)]
    [InlineData(10, 30, true)]
    [InlineData(11, 120, false)]
    [InlineData(12, 144, true)] // more: at most the square root of the number of rows
    [InlineData(100, 10_000, true)]
    [InlineData(101, 10_201, false)]
    public void Load_NumericTarget_IsClassesIfFewAndRepeated(int different, int rows, bool areClasses)
    {
        string text = "a,t\n" + string.Concat(Enumerable.Range(0, rows).Select(i => $"{i},{i % different}\n"));
        if (areClasses)
        {
            Assert.Equal(different, Load(text).Classes.Count);
            return;
        }

        Refuses(
            text,
            $": the target 't' holds {different} different numbers in {rows} rows, too many for classes. " +
            "Predicting a number (regression) is not supported yet: choose a target with few, repeated values, or write its classes " +
            "as words.");
    }

    [Fact]
    public void Load_TargetWithFractions_Throws() => Refuses(
        "a,t\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{(i % 2) + 0.5}\n")),
        ": the target 't' holds 2 different numbers in 40 rows, too many for classes. " +
        "Predicting a number (regression) is not supported yet: choose a target with few, repeated values, or write its classes as words.");

    [Fact]
    public void Load_TargetWithOneNumberInTwoForms_Throws() => Refuses(
        "a,t\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{new[] { "0", "1", "1.0" }[i % 3]}\n")),
        ": the target 't' contains the same number in two forms, '1' and '1.0'; write it in one form, so that it is one class.");

    [Fact]
    public void Load_WholeNumbersEqualInFloat32_AreDistinctClasses()
    {
        // In float32, the two dates are the same number.
        CsvDataset data = Load("a,t\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{20250103 - (i % 2)}\n")));
        Assert.Equal(["20250102", "20250103"], data.Classes);
    }

    [Theory]
    [InlineData("iris.csv", "species", 150, 4, "setosa 50, versicolor 50, virginica 50")]
    [InlineData("digits.csv", "digit", 1797, 64, "0 178, 1 182, 2 177, 3 183, 4 181, 5 182, 6 181, 7 179, 8 174, 9 180")]
    [InlineData("titanic.csv", "survived", 2201, 3, "No 1490, Yes 711")]
    public void Load_Dataset_HasTheExpectedCounts(string name, string target, int rows, int columns, string classes)
    {
        CsvDataset data = CsvDataset.Load(Repository.Dataset(name), target);
        Assert.Equal(rows, data.Count);
        Assert.Equal(columns, data.Columns.Count);
        Assert.Equal(classes, string.Join(", ", data.Classes.Zip(data.CountClasses(), (c, count) => $"{c} {count}")));
        Assert.All(data.Columns, column => Assert.Equal(name == "titanic.csv", column is CategoricalColumn));
        Assert.Equal(name == "digits.csv", data.IsTargetNumeric);
    }

    [Fact]
    public void Load_Airquality_ReportsTheFirstEmptyCell()
    {
        string path = Repository.Dataset("airquality.csv");
        var e = Assert.Throws<DataFormatException>(() => CsvDataset.Load(path, "temperature"));
        Assert.Equal($"{path}, row 5 (line 6), column 'ozone': the cell is empty; fill it in, or remove the row.", e.Message);
    }

    [Fact]
    public void Load_AirqualityWithoutEmptyRows_RejectsTemperatureAsTarget()
    {
        string[] lines =
            [.. File.ReadLines(Repository.Dataset("airquality.csv")).Where(line => !line.Split(',').Contains("", StringComparer.Ordinal))];
        int different = lines.Skip(1).Select(line => line.Split(',')[3]).Distinct(StringComparer.Ordinal).Count();
        var e = Assert.Throws<DataFormatException>(() => CsvDataset.Load(folder.Write("a.csv", string.Join('\n', lines)), "temperature"));
        Assert.Contains(
            $"the target 'temperature' holds {different} different numbers in {lines.Length - 1} rows",
            e.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a;t\n1,5;x\n2,5;y\n", 1, "1,5")]
    [InlineData("a;t\n1;x\n-2,5e3;y\n3.5;x\n,5;y\n", 2, "-2,5e3")]
    [InlineData("a,t\n1,x\n2,x\n\"2,5\",y\n", 3, "2,5")]
    public void Load_DecimalCommas_Throws(string text, int row, string cell) =>
        Refuses(
            text,
            $", row {row} (line {row + 1}), column 'a': '{cell}' has a decimal comma, like others in this column; write numbers with " +
            "a decimal point.");

    [Theory]
    [InlineData(1, true)] // one word in twenty: the column was meant as numbers
    [InlineData(2, false)]
    public void Load_DecimalCommasAndWords_AreCategoriesBelow19Of20(int words, bool refused)
    {
        string text = "a;t\n" + string.Concat(
            Enumerable.Range(0, 20).Select(i => $"{(i < words ? "word" : $"{i},5")};{(i % 2 == 0 ? "x" : "y")}\n"));
        if (refused)
        {
            Refuses(
                text,
                ", row 2 (line 3), column 'a': '1,5' has a decimal comma, like others in this column; write numbers with a decimal point.");
            return;
        }

        CsvDataset data = Load(text);
        Assert.Equal(19, Assert.IsType<CategoricalColumn>(data.Columns[0]).Categories.Count);
        Assert.Empty(data.Warnings);
    }

    [Theory]
    [InlineData(18, "90")]
    [InlineData(11, "55")]
    [InlineData(10, "50")]
    [InlineData(9, null)]
    [InlineData(0, null)]
    [InlineData(20, null)]
    public void Warnings_ColumnOfNumbersAndWords_IsReported(int numbers, string? percent)
    {
        CsvDataset data = Load(Column20(numbers, place: 0, "word"));
        string[] expected = percent is null ? [] :
        [
            $"{data.Path}: column 'a': {percent} % of the cells are numbers, but others are not, such as 'word', " +
            "so every distinct value is treated as a category. If the column should be numeric, correct or remove the other cells.",
        ];
        Assert.Equal(expected, data.Warnings);
        if (percent is not null)
        {
            Assert.Equal(expected, data.Split(60, 20, 20, seed: 1).Test.Warnings);
        }
    }

    [Fact]
    public void Warnings_TargetOfNumbersAndWords_IsNotReported() =>
        Assert.Empty(Load("a,t\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{(i % 4 == 0 ? "none" : "7")}\n"))).Warnings);

    private static string Column20(int numbers, int place, string word) => "a,t\n" + string.Concat(
        Enumerable.Range(0, 20).Select(i => $"{(i >= place && i < place + 20 - numbers ? word : $"{i}.5")},{(i % 2 == 0 ? "x" : "y")}\n"));

    private CsvDataset Load(string text) => CsvDataset.Load(folder.Write("f.csv", text), "t");

    private void Refuses(string text, string message)
    {
        string path = folder.Write("f.csv", text);
        var e = Assert.Throws<DataFormatException>(() => CsvDataset.Load(path, "t"));
        Assert.Equal(path + message, e.Message);
        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None); // throws if a reader was left open
    }
}
