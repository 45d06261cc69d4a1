using System.Text;
using MiniNet.Data;

namespace MiniNet.Tests.Data;

public sealed class CsvRowsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a,t\n1,x\n2,y\n", "1|x/2|y")]
    [InlineData("a,t\n1,x\n2,y", "1|x/2|y")]
    [InlineData("a,t\r\n1,x\r\n2,y\r\n", "1|x/2|y")]
    [InlineData("a,t\r1,x\r2,y\r", "1|x/2|y")]
    [InlineData("\uFEFFa,t\n1,x\n", "1|x")]
    [InlineData(" a ,\tt \n 1 , x \n\t2,y\t\n", "1|x/2|y")]
    [InlineData("a,t\n\" 1 \" , \" x\"\n", "1|x")]
    [InlineData("\n\na,t\n\n1,x\n\n\n2,y\n\n", "1|x/2|y")]
    [InlineData("a,t\n1,x\n   \n2,y\n", "1|x/2|y")]
    [InlineData("a;t\n1;x\n\"2,5\";y\n", "1|x/2,5|y")]
    [InlineData("a\tt\n1\tx\n2\ty, z\n", "1|x/2|y, z")]
    [InlineData("a|t\n1|x\n", "1|x")]
    [InlineData("a,t\n\"x, y\",\"one\ntwo\"\n\"say \"\"hi\"\"\",\"\"\n", "x, y|one\ntwo/say \"hi\"|")]
    [InlineData("a,t\ngröße,x\n", "größe|x")]
    public void Read_ReturnsTheCells(string text, string expected)
    {
        using var rows = new CsvRows(folder.Write("f.csv", text));
        Assert.Equal(["a", "t"], rows.Header);
        var read = new List<string>();
        while (rows.Read())
        {
            read.Add(string.Join('|', rows.Cells()));
        }

        Assert.Equal(expected, string.Join('/', read));
    }

    [Theory]
    [InlineData("a,t\n1.5,x\n", 1.5f)]
    [InlineData("a,t\n 1e-2\t, x\n", 0.01f)]
    [InlineData("a,t\n\"-7\",x\n", -7f)]
    [InlineData("a,t\n\" +7 \",x\n", 7f)]
    [InlineData("a;t\n.5;x\n", 0.5f)]
    // This number is halfway except for the last digit, so it must be rounded once.
    [InlineData("a,t\n16777217.0000000000000000000000000000000001,x\n", 16777218f)]
    [InlineData("a,t\n16777217,x\n", 16777216f)]
    [InlineData("a,t\n\"1,234\",x\n", null)]
    [InlineData("a;t\n1,234;x\n", null)]
    [InlineData("a,t\n1\0,x\n", null)]
    [InlineData("a,t\n\"1\0\",x\n", null)]
    [InlineData("a,t\nNaN,x\n", null)]
    [InlineData("a,t\ninf,x\n", null)]
    [InlineData("a,t\n1e39,x\n", null)]
    [InlineData("a,t\n0x1F,x\n", null)]
    [InlineData("a,t\n,x\n", null)]
    [InlineData("a,t\nword,x\n", null)]
    public void TryNumber_ReturnsTrueForFiniteNumbersOnly(string text, float? number)
    {
        foreach (bool survey in new[] { false, true })
        {
            using var rows = new CsvRows(folder.Write("f.csv", text), survey);
            Assert.True(rows.Read());
            Assert.Equal(number is not null, rows.TryGetNumber(0, out float value));
            Assert.Equal(number ?? value, value);
        }
    }

    [Fact]
    public void Read_Utf16WithByteOrderMark_ReturnsTheCells()
    {
        using var rows = new CsvRows(folder.Write("f.csv", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("größe,t\nü,x\n")]));
        Assert.True(rows.Read());
        Assert.Equal(["größe", "t"], rows.Header);
        Assert.Equal(["ü", "x"], rows.Cells());
    }

    [Fact]
    public void Error_AfterMultilineCells_ReportsRowAndLine()
    {
        string path = folder.Write("f.csv", "a,b,t\n\"one\ntwo\nthree\",1,x\n\nq,w,y\n\"e\nf\",z,y\n");
        using var rows = new CsvRows(path);
        var places = new List<string>();
        while (rows.Read())
        {
            places.Add(rows.Error(1, "bad").Message);
        }

        Assert.Equal(
            [
                $"{path}, row 1 (line 2), column 'b': bad.",
                $"{path}, row 2 (line 6), column 'b': bad.",
                $"{path}, row 3 (line 7), column 'b': bad.",
            ],
            places);
    }

    [Theory]
    [InlineData("", ": the file is empty; it needs a line of column names and rows under it.")]
    [InlineData("\n\n", ": the file is empty; it needs a line of column names and rows under it.")]
    [InlineData("\uFEFF", ": the file is empty; it needs a line of column names and rows under it.")]
    [InlineData("a,b,a\n1,2,3\n", ": columns 1 and 3 are both called 'a'; rename one.")]
    [InlineData(
        "a,,t\n1,2,x\n", ": column 2 has no name; name every column in the first line (from pandas, save the file with index=False).")]
    [InlineData(
        "a,t,\" \"\n1,2,x\n", ": column 3 has no name; name every column in the first line (from pandas, save the file with index=False).")]
    [InlineData("a,b,t\n1,2,x\n1,x\n", ", row 2 (line 3): the row has 2 cells, but the header has 3.")]
    [InlineData("a,b,t\n1,\"2\n2\",x\n1,2,3,x\n", ", row 2 (line 4): the row has 4 cells, but the header has 3.")]
    [InlineData("a,t\n1,x\n,y\n", ", row 2 (line 3), column 'a': the cell is empty; fill it in, or remove the row.")]
    [InlineData("a,t\n1,x\n\"  \",y\n", ", row 2 (line 3), column 'a': the cell is empty; fill it in, or remove the row.")]
    [InlineData("a,t\n1,x\n2,\"y\n3,z\n", BadQuote3)]
    [InlineData("a,t\n1,x\n2,y\"z\n", BadQuote3)]
    [InlineData("a,t\n1,x\n2,\"y\"z\n", BadQuote3)]
    [InlineData(
        "\"a,t\n1,x\n",
        ", line 1: a quote is out of place or never closed; write a cell with quotes or separators as \"like \"\"this\"\", one\".")]
    public void Read_BadFile_ReportsThePlace(string text, string message) => Refuses(Encoding.UTF8.GetBytes(text), message);

    [Theory]
    [InlineData("gr\u00fc,t\n1,x\n", ": the name of column 1 is not UTF-8 text; save the file as UTF-8.")]
    [InlineData("a,t\n1,x\n1,gr\u00fcn\n", ", row 2 (line 3), column 't': not UTF-8 text; save the file as UTF-8.")]
    [InlineData(
        "a,t\n1\0,x\n",
        ", row 1 (line 2), column 'a': not text: it contains a NUL byte, like a binary file or UTF-16 without a byte order mark; " +
        "save the file as UTF-8.")]
    [InlineData(
        "\0a,t\n1,x\n",
        ": the name of column 1 is not text: it contains a NUL byte, like a binary file or UTF-16 without a byte order mark; save " +
        "the file as UTF-8.")]
    public void Read_OtherEncoding_Throws(string text, string message) => Refuses(Encoding.Latin1.GetBytes(text), message);

    [Fact]
    public void Cells_OtherEncoding_Throws()
    {
        using var rows = new CsvRows(folder.Write("f.csv", Encoding.Latin1.GetBytes("a,t\ngr\u00fcn,x\n")));
        Assert.True(rows.Read());
        Assert.Throws<DataFormatException>(rows.Cells);
    }

    [Fact]
    public void Error_MultilineCell_IsOneLine()
    {
        using var rows = new CsvRows(folder.Write("f.csv", "\"a\nb\",t\n\"1\r\n2\",x\n"));
        Assert.True(rows.Read());
        Assert.EndsWith(
            ", row 1 (line 3), column 'a b': '1 2' is odd.", rows.Error(0, $"'{rows[0]}' is odd").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_MissingFile_Throws()
    {
        foreach (string path in new[] { folder["nope.csv"], Path.Combine(folder["no"], "nope.csv"), "" })
        {
            var e = Assert.Throws<DataFormatException>(() => new CsvRows(path));
            Assert.Equal($"{path}: there is no such file.", e.Message);
        }
    }

    [Fact]
    public void Constructor_Folder_Throws()
    {
        var e = Assert.Throws<DataFormatException>(() => new CsvRows(folder["."]));
        Assert.Equal($"{folder["."]}: this is a folder, not a file.", e.Message);
    }

    [Theory]
    [InlineData("Species", "species")]
    [InlineData("petal length", "petal_length")]
    [InlineData("petl_width", "petal_width")]
    public void IndexOf_UnknownColumn_SuggestsTheNearest(string name, string nearest)
    {
        string path = folder.Write("f.csv", "petal_length,petal_width,species\n1,2,x\n");
        using var rows = new CsvRows(path);
        var e = Assert.Throws<DataFormatException>(() => rows.IndexOf(name, "target"));
        Assert.Equal(
            $"{path}: there is no target column '{name}'; did you mean '{nearest}'? The columns are petal_length, petal_width, species.",
            e.Message);
        Assert.Equal(2, rows.IndexOf("species", "target"));
    }

    private const string BadQuote3 =
        ", line 3: a quote is out of place or never closed; write a cell with quotes or separators as \"like \"\"this\"\", one\".";

    private void Refuses(byte[] file, string message)
    {
        string path = folder.Write("f.csv", file);
        var e = Assert.Throws<DataFormatException>(() => ReadAll(path));
        Assert.Equal(path + message, e.Message);
        using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None); // throws if a reader was left open
    }

    private static void ReadAll(string path)
    {
        using var rows = new CsvRows(path);
        while (rows.Read())
        {
            for (int i = 0; i < rows.Header.Count; i++)
            {
                _ = rows[i];
            }
        }
    }
}
