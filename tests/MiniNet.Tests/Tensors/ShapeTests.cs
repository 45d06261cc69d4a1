using MiniNet.Tensors;

namespace MiniNet.Tests.Tensors;

public class ShapeTests
{
    [Fact]
    public void Constructor_FourDimensions_KeepsThem()
    {
        var shape = new Shape(2, 3, 4, 5);
        Assert.Equal(4, shape.Rank);
        Assert.Equal([2, 3, 4, 5], new[] { shape[0], shape[1], shape[2], shape[3] });
        Assert.Equal((2, 60, 120), (shape.Rows, shape.Columns, shape.Length));
    }

    [Fact]
    public void Constructor_FewerDimensions_TreatsMissingAsOne()
    {
        Assert.Equal((7, 1, 7), (new Shape(7).Rows, new Shape(7).Columns, new Shape(7).Length));
        Assert.Equal((1, 1, 1), (new Shape().Rows, new Shape().Columns, new Shape().Length));
        Assert.Equal((0, 5, 0), (new Shape(0, 5).Rows, new Shape(0, 5).Columns, new Shape(0, 5).Length));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Indexer_OutOfRank_Throws(int dimension) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(2, 3)[dimension]);

    [Fact]
    public void Equality_SameRankAndDimensions_IsTrue()
    {
        Assert.Equal(new Shape(2, 3), new Shape(2, 3));
        Assert.True(new Shape(2, 3) == new Shape(2, 3));
        Assert.Equal(new Shape(2, 3).GetHashCode(), new Shape(2, 3).GetHashCode());
        Assert.True(new Shape(2, 3).Equals((object)new Shape(2, 3)));
        Assert.False(new Shape(2, 3).Equals("[2, 3]"));
    }

    public static TheoryData<int[], int[]> Different => new()
    {
        { [2, 3], [3, 2] },
        { [2, 3], [2, 3, 1] }, // the same number of elements, but a different rank
        { [2], [2, 1] },
        { [1], [] },
        { [2, 3, 4, 5], [2, 3, 4, 6] },
        { [2, 3, 4, 5], [2, 3, 5, 4] },
        { [-1, 3], [2, 3] }, // n accepts 2, but is not 2
    };

    [Theory]
    [MemberData(nameof(Different))]
    public void Equality_Different_IsFalse(int[] left, int[] right)
    {
        Assert.NotEqual(new Shape(left), new Shape(right));
        Assert.True(new Shape(left) != new Shape(right));
        Assert.False(new Shape(left) == new Shape(right));
    }

    [Fact]
    public void Equality_SingleNumberAndDefault_IsTrue()
    {
        Assert.Equal(default, new Shape());
        Assert.Equal(default(Shape).GetHashCode(), new Shape().GetHashCode());
    }

    [Fact]
    public void Batch_Columns_LeavesRowsUnknown()
    {
        Shape shape = Shape.Batch(1, 8, 8);
        Assert.Equal(new Shape(Shape.Any, 1, 8, 8), shape);
        Assert.Equal((Shape.Any, 64), (shape.Rows, shape.Columns));
        Assert.Equal(new Shape(16, 1, 8, 8), shape.WithRows(16));
    }

    [Theory]
    [InlineData(new[] { -1, 3 }, new[] { 5, 3 }, true)]
    [InlineData(new[] { -1, 3 }, new[] { 0, 3 }, true)]
    [InlineData(new[] { -1, 3 }, new[] { -1, 3 }, true)]
    [InlineData(new[] { 5, 3 }, new[] { 5, 3 }, true)]
    [InlineData(new[] { 5, 3 }, new[] { 4, 3 }, false)]
    [InlineData(new[] { -1, 3 }, new[] { 5, 4 }, false)]
    [InlineData(new[] { -1, 3 }, new[] { 5, 3, 1 }, false)]
    [InlineData(new[] { -1, 1, 8, 8 }, new[] { 5, 1, 8, 7 }, false)]
    [InlineData(new[] { -1, 1, 8, 8 }, new[] { 5, 1, 8, 8 }, true)]
    [InlineData(new[] { -1, 64 }, new[] { 5, 1, 8, 8 }, false)]
    public void Accepts_DifferentShape_OnlyIfRowsAreUnknown(int[] asked, int[] actual, bool fits) =>
        Assert.Equal(fits, new Shape(asked).Accepts(new Shape(actual)));

    [Fact]
    public void WithRows_SingleNumber_Throws() =>
        Assert.Contains(
            "no rows", Assert.Throws<InvalidOperationException>(() => new Shape().WithRows(3)).Message, StringComparison.Ordinal);

    [Fact]
    public void WithRows_AnyRank_KeepsRank()
    {
        Assert.Equal(new Shape(9), new Shape(2).WithRows(9));
        Assert.Equal(new Shape(9, 3), new Shape(2, 3).WithRows(9));
        Assert.Equal(new Shape(9, 3, 4), new Shape(2, 3, 4).WithRows(9));
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4, 5 }, "at most 4 dimensions, not 5")]
    [InlineData(new[] { -2, 3 }, "Dimension 0 is -2")]
    [InlineData(new[] { 2, -1 }, "Dimension 1 is -1")] // only the number of rows may be unknown
    public void Constructor_OutOfRange_Throws(int[] dimensions, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new Shape(dimensions)).Message, StringComparison.Ordinal);

    [Fact]
    public void Batch_FourDimensions_Throws() => Assert.Throws<ArgumentException>(() => Shape.Batch(1, 2, 3, 4));

    [Theory]
    [InlineData(65536, 65536, 1)] // 2³²: as an int, 0
    [InlineData(50_000, 50_000, 1)]
    public void Length_ExceedsInt32_Throws(int rows, int columns, int depth) =>
        Assert.Throws<OverflowException>(() => new Shape(rows, columns, depth).Length);

    [Theory]
    [InlineData(new[] { 1, 65536, 65536 })]
    [InlineData(new[] { -1, 65536, 65536 })]
    [InlineData(new[] { 0, int.MaxValue, int.MaxValue, int.MaxValue })]
    public void Constructor_RowTooLongForTensor_Throws(int[] dimensions) => Assert.EndsWith(
        "], more numbers per row than one tensor can hold",
        Assert.Throws<ShapeException>(() => new Shape(dimensions)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(new int[0], "[]")]
    [InlineData(new[] { 3 }, "[3]")]
    [InlineData(new[] { -1, 64 }, "[n, 64]")]
    [InlineData(new[] { 2, 1, 8, 8 }, "[2, 1, 8, 8]")]
    public void ToString_Shape_ReturnsDimensionsInBrackets(int[] dimensions, string text) =>
        Assert.Equal(text, new Shape(dimensions).ToString());

    [Fact]
    public void Expected_TwoShapes_NamesBoth() =>
        Assert.Equal("expects [n, 64], got [5, 63]", ShapeException.Expected(Shape.Batch(64), new Shape(5, 63)).Message);
}
