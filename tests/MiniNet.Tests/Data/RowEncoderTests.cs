using MiniNet.Data;

namespace MiniNet.Tests.Data;

public sealed class RowEncoderTests : IDisposable
{
    private static readonly Preprocessing Preprocessing =
        new([new StandardScaler("a", 10, 2), new OneHotEncoder("colour", ["red", "blue"]), new StandardScaler("b", 0, 1)], "t", ["x", "y"]);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Encode_ShuffledAndAdditionalColumns_MatchesThemByName()
    {
        using var rows = new CsvRows(folder.Write("f.csv", "t,id,b,colour,empty,a\ny,7,-3,blue,,14\nx,8,3,red,,10\n"));
        var encoder = new RowEncoder(Preprocessing, rows);
        Assert.Equal(["id", "empty"], encoder.Ignored);
        float[] inputs = [9, 9, 9, 9];
        Assert.True(rows.Read());
        encoder.Encode(inputs);
        Assert.Equal([2, 0, 1, -3], inputs);
        Assert.Equal(1, encoder.ClassOf(0));
        Assert.True(rows.Read());
        encoder.Encode(inputs);
        Assert.Equal([0, 1, 0, 3], inputs);
        Assert.Equal(0, encoder.ClassOf(0));
    }

    [Fact]
    public void Constructor_MissingColumn_SuggestsTheNearest()
    {
        string path = folder.Write("f.csv", "a,b,Color\n1,2,red\n");
        using var rows = new CsvRows(path);
        var e = Assert.Throws<DataFormatException>(() => new RowEncoder(Preprocessing, rows));
        Assert.Equal($"{path}: there is no input column 'colour'; did you mean 'Color'? The columns are a, b, Color.", e.Message);
    }

    [Fact]
    public void Constructor_MissingColumn_DoesNotSuggestAnotherInput()
    {
        string path = folder.Write("f.csv", "a,colour,t\n1,red,x\n");
        using var rows = new CsvRows(path);
        var e = Assert.Throws<DataFormatException>(() => new RowEncoder(Preprocessing, rows));
        Assert.Equal($"{path}: there is no input column 'b'. The columns are a, colour, t.", e.Message);
    }

    [Theory]
    [InlineData("1,pink,2", "'colour': 'pink' is not a category of the training rows; the categories are red, blue.")]
    [InlineData("1,Red,2", "'colour': 'Red' is not a category of the training rows; the categories are red, blue.")]
    [InlineData("1,,2", "'colour': the cell is empty; fill it in, or remove the row.")]
    [InlineData("one,red,2", "'a': 'one' is not a number, but this column held numbers in training; correct it, or remove the row.")]
    [InlineData("nan,red,2", "'a': 'nan' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData("1,red,-1e39", "'b': '-1e39' is not a finite number that fits float32; correct it, or remove the row.")]
    public void Encode_BadCell_ReportsThePlace(string row, string message)
    {
        string path = folder.Write("f.csv", "a,colour,b\n1,red,2\n" + row + "\n");
        using var rows = new CsvRows(path);
        var encoder = new RowEncoder(Preprocessing, rows);
        Assert.True(rows.Read() && rows.Read());
        var e = Assert.Throws<DataFormatException>(() => encoder.Encode(new float[4]));
        Assert.Equal($"{path}, row 2 (line 3), column {message}", e.Message);
    }

    [Theory]
    [InlineData("LONGw,red,2,x", "'a': 'SHORT' is not a number, but this column held numbers in training; correct it, or remove the row.")]
    [InlineData("1,red,LONG,x", "'b': 'SHORT' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData("1,LONG,2,x", "'colour': 'SHORT' is not a category of the training rows; the categories are red, blue.")]
    [InlineData("1,red,2,LONG", "'t': 'SHORT' is not a class of the model; the classes are x, y.")]
    public void Encode_BadLongCell_QuotesItsBeginning(string row, string message)
    {
        string path = folder.Write("f.csv", "a,colour,b,t\n" + row.Replace("LONG", new string('7', 1000), StringComparison.Ordinal) + "\n");
        using var rows = new CsvRows(path);
        var encoder = new RowEncoder(Preprocessing, rows);
        Assert.True(rows.Read());
        var e = Assert.Throws<DataFormatException>(() =>
        {
            encoder.Encode(new float[4]);
            encoder.ClassOf(3);
        });
        Assert.Equal(
            $"{path}, row 1 (line 2), column {message}".Replace("SHORT", new string('7', 60) + "…", StringComparison.Ordinal), e.Message);
    }

    [Fact]
    public void Encode_NumberInfiniteAfterScaling_Throws()
    {
        string path = folder.Write("f.csv", "a\n3e38\n");
        using var rows = new CsvRows(path);
        var encoder = new RowEncoder(new Preprocessing([new StandardScaler("a", 0, 1e-3)], "t", ["x", "y"]), rows);
        Assert.True(rows.Read());
        Assert.Throws<DataFormatException>(() => encoder.Encode(new float[1]));
    }

    [Fact]
    public void Encode_UnknownCategoryAmongMany_Lists20()
    {
        string[] categories = [.. Enumerable.Range(0, 25).Select(i => $"c{i}")];
        string? problem = new OneHotEncoder("a", categories).Encode("other", new float[25]);
        Assert.Equal(
            $"'other' is not a category of the training rows; the categories are {string.Join(", ", categories.Take(20))}, ...", problem);
    }

    [Fact]
    public void ClassOf_UnknownClass_ListsTheClasses()
    {
        string path = folder.Write("f.csv", "a,colour,b,t\n1,red,2,z\n");
        using var rows = new CsvRows(path);
        var encoder = new RowEncoder(Preprocessing, rows);
        Assert.True(rows.Read());
        var e = Assert.Throws<DataFormatException>(() => encoder.ClassOf(3));
        Assert.Equal($"{path}, row 1 (line 2), column 't': 'z' is not a class of the model; the classes are x, y.", e.Message);
    }
}
