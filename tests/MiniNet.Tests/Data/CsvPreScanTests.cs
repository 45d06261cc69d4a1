using System.Text;
using MiniNet.Data;

namespace MiniNet.Tests.Data;

public sealed class CsvPreScanTests : IDisposable
{
    private const int Part = 1 << 16; // the size of a block that is read at once
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a,t\n1,x\n2,y\n", 2)]
    [InlineData("a,t\n1,x\n2,y", 2)]
    [InlineData("a,t\r\n1,x\r\n2,y\r\n", 2)]
    [InlineData("a,t\n", 0)]
    [InlineData("a,t", 0)]
    [InlineData("", 0)]
    [InlineData("a,t\n\n\n\n\n1,x\n", 3)] // no more rows fit in 13 bytes
    public void Rows_CountsTheLinesUnderTheHeader(string text, int rows) => Assert.Equal(rows, Look(text).Rows(columns: 2));

    [Theory]
    [InlineData("petal length (cm),city\n1.5,New York\n-2e5,x y z\n", true)]
    [InlineData("größe,t\n1,x\n", true)]
    [InlineData(" a,t\n1,x\n", false)]
    [InlineData("a ,t\n1,x\n", false)]
    [InlineData("a,t\n1, x\n", false)]
    [InlineData("a,t\n1,x \n", false)]
    [InlineData("a,t\n1,x\r\n 2,y", false)]
    [InlineData("a,t\n1,x ", false)]
    [InlineData("a,t\n1,x  y\n", false)]
    [InlineData("a,t\n1,\" x\"\n", false)]
    [InlineData("a;t\n1 ;x\n", false)]
    [InlineData("a|t\n1| x\n", false)]
    [InlineData("a\tt\n1\tx\n", false)]
    [InlineData("\uFEFF a,t\n1,x\n", false)]
    [InlineData("", false)]
    public void IsTrimmed_IsTrueOnlyIfEachBlankIsInsideACell(string text, bool isTrimmed) => Assert.Equal(isTrimmed, Look(text).IsTrimmed);

    [Theory]
    [InlineData(-2)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void IsTrimmed_BlankAtBufferBoundary_IsChecked(int place)
    {
        string before = "a,t\n1," + new string('x', Part + place - 7);
        Assert.True(Look($"{before}x y,z\n").IsTrimmed);
        Assert.False(Look($"{before}x ,z\n").IsTrimmed);
        Assert.False(Look($"{before}, y,z\n").IsTrimmed);
        Assert.False(Look($"{before}x\ty,z\n").IsTrimmed);
        Assert.False(Look($"{before}x ").IsTrimmed);
        Assert.Equal(1, Look($"{before}x y,z\n").Rows(2));
    }

    [Fact]
    public void Of_RewindsTheFile()
    {
        using FileStream file = File.OpenRead(folder.Write("f.csv", "a,t\n1,x\n"));
        CsvPreScan.Scan(file);
        Assert.Equal(0, file.Position);
    }

    private CsvPreScan Look(string text)
    {
        using FileStream file = File.OpenRead(folder.Write("f.csv", Encoding.UTF8.GetBytes(text)));
        return CsvPreScan.Scan(file);
    }
}
