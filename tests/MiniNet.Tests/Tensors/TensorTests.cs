using System.Globalization;
using MiniNet.Tensors;

namespace MiniNet.Tests.Tensors;

public class TensorTests
{
    [Fact]
    public void Constructor_Shape_CreatesZeros()
    {
        var tensor = new Tensor(new Shape(2, 3), "x");
        Assert.Equal(new float[6], tensor.Span);
        Assert.Equal("x", tensor.Name);
    }

    [Fact]
    public void Constructor_Matrix_CopiesItRowByRow()
    {
        var values = new float[,] { { 1, 2, 3 }, { 4, 5, 6 } };
        var tensor = new Tensor(values);
        values[0, 0] = 100;
        Assert.Equal(new Shape(2, 3), tensor.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], tensor.Span);
    }

    [Fact]
    public void Constructor_UnknownRows_Throws() =>
        Assert.Contains("[n, 3]", Assert.Throws<ArgumentException>(() => new Tensor(Shape.Batch(3))).Message, StringComparison.Ordinal);

    [Fact]
    public void Constructor_Rows_CopiesThem()
    {
        float[][] rows = [[1, 2, 3], [4, 5, 6]];
        var tensor = new Tensor(rows, "x");
        rows[0][0] = 100;
        Assert.Equal("x [2, 3] 1..6", tensor.ToString());
        Assert.Equal([1, 2, 3, 4, 5, 6], tensor.Span);
        Assert.Equal(new Shape(2, 1), new Tensor([[1], [2]]).Shape);
        Assert.Equal(new Shape(0, 0), new Tensor(new List<float[]>()).Shape);
    }

    [Fact]
    public void Constructor_RowsOfUnequalLength_NamesTheRow() => Assert.Equal(
        "row 2 has 1 elements, but row 0 has 2", Assert.Throws<ShapeException>(() => new Tensor([[1, 2], [3, 4], [5]])).Message);

    [Fact]
    public void Constructor_Values_FillTheShapeRowByRow()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        Tensor matrix = new(values, new Shape(2, 3), "x"), vector = new(values);
        values[0] = 100;
        Assert.Equal("x [2, 3] 1..6", matrix.ToString());
        Assert.Equal(6, matrix[1, 2]);
        Assert.Equal(new Shape(6), vector.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6], vector.Span);
        Assert.Equal("[] 7..7", new Tensor([7], new Shape()).ToString());
    }

    [Fact]
    public void Constructor_TooFewValues_NamesTheShape() => Assert.Equal(
        "5 values do not fill x [2, 3], which has 6 elements",
        Assert.Throws<ShapeException>(() => new Tensor([1, 2, 3, 4, 5], new Shape(2, 3), "x")).Message);

    [Fact]
    public void ToArray_Tensor_IsACopy()
    {
        var tensor = new Tensor([[1, 2], [3, 4]]);
        float[] array = tensor.ToArray();
        array[0] = 100;
        Assert.Equal([1, 2, 3, 4], tensor.Span);
    }

    [Fact]
    public void Indexer_OneIndexPerDimension_ReadsAndWritesInPlace()
    {
        Tensor vector = new([1, 2, 3]), scalar = new([7], new Shape()), images = new(new Shape(2, 2, 3, 4));
        vector[1] += 5;
        images[1, 0, 2, 3] = 8;
        Assert.Equal([1, 7, 3], vector.Span);
        Assert.Equal(7, scalar[0]);
        Assert.Equal(8, images.Span[(((((1 * 2) + 0) * 3) + 2) * 4) + 3]);
        Assert.Equal(8, images[1, 11]);
        Assert.Equal(3, new Tensor([1, 2, 3, 4], new Shape(2, 2, 1))[1, 0, 0]);
    }

    [Fact]
    public void Indexer_WrongIndices_NamesIndexDimensionAndShape()
    {
        Tensor b = new([1, 2, 3], name: "b"), x = new(new Shape(2, 3), "x"), images = new(new Shape(2, 2, 3, 4));
        AssertMessage("b [3] has no index 3 in dimension 0, of size 3.", () => b[3]);
        AssertMessage("x [2, 3] has no index -1 in dimension 0, of size 2.", () => x[-1, 0]);
        AssertMessage("x [2, 3] has no index 3 in dimension 1, of size 3.", () => x[0, 3]);
        AssertMessage("[2, 2, 3, 4] has no index 24 in its flattened rows, of size 24.", () => images[0, 24]);
        AssertMessage("[2, 2, 3, 4] has no index 3 in dimension 2, of size 3.", () => images[1, 1, 3, 0]);
        AssertMessage("x [2, 3] needs 2 indices, one for each dimension, but got 1.", () => x[0]);
        AssertMessage("[2, 2, 3, 4] needs 4 indices, one for each dimension, but got 3.", () => images[0, 0, 0]);

        static void AssertMessage(string expected, Func<object> read) =>
            Assert.StartsWith(expected, Assert.ThrowsAny<ArgumentException>(read).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Indexer_Element_ReadsAndWritesInPlace()
    {
        var tensor = new Tensor(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal(6, tensor[1, 2]);
        tensor[1, 0] = 7;
        Assert.Equal([1, 2, 3, 7, 5, 6], tensor.Span);
    }

    [Fact]
    public void Indexer_FourDimensions_CountsColumnsInFlattenedRow()
    {
        var tensor = new Tensor(new Shape(2, 2, 3, 4));
        tensor[1, 23] = 5;
        Assert.Equal(5, tensor.Span[47]);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(2, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 3)] // inside the buffer, but outside the row
    public void Indexer_OutOfBounds_Throws(int row, int column)
    {
        var tensor = new Tensor(new Shape(2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor[row, column]);
    }

    [Fact]
    public void Indexer_RowRemovedByResize_Throws()
    {
        var tensor = new Tensor(new Shape(4, 3));
        tensor.Resize(new Shape(2, 3)); // the buffer still has four rows
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Row(2).Length);
    }

    [Fact]
    public void Row_Write_ChangesTensor()
    {
        var tensor = new Tensor(new float[,] { { 1, 2 }, { 3, 4 } });
        tensor.Row(1)[0] = 9;
        Assert.Equal([9, 4], tensor.Row(1));
        Assert.Equal(9, tensor[1, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Row(-1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => tensor.Row(2).Length);
    }

    [Fact]
    public void Resize_FewerOrEqualRows_KeepsBuffer()
    {
        var tensor = new Tensor(new float[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } });
        tensor.Resize(new Shape(1, 2));
        Assert.Equal([1, 2], tensor.Span);
        tensor.Resize(new Shape(3, 2));
        Assert.Equal([1, 2, 3, 4, 5, 6], tensor.Span);
        tensor.Resize(new Shape(4, 2));
        Assert.Equal(8, tensor.Span.Length);
    }

    [Fact]
    public void Clone_Tensor_IsIndependentCopy()
    {
        Tensor tensor = Samples.Tensor(new Shape(2, 3), name: "x"), copy = tensor.Clone();
        Assert.Equal(tensor.Span, copy.Span);
        Assert.Equal(("x", tensor.Shape), (copy.Name, copy.Shape));
        copy.Clear();
        Assert.Equal(new float[6], copy.Span);
        Assert.NotEqual(0, tensor[0, 0]);
    }

    [Fact]
    public void CopyFrom_DifferentShape_Throws()
    {
        Tensor x = new(new Shape(2, 3), "x"), y = new(new Shape(3, 2), "y");
        Assert.Equal("y [3, 2] was given where [2, 3] is expected", Assert.Throws<ShapeException>(() => x.CopyFrom(y)).Message);
    }

    public static TheoryData<int, int, int> Sizes => new() { { 1, 1, 1 }, { 3, 5, 7 }, { 17, 33, 9 }, { 0, 4, 3 } };

    // For all three: n terms and one addition to the old value; Higham's bound, as in ProductsTests.
    [Theory]
    [MemberData(nameof(Sizes))]
    public void AddProduct_ThreeForms_MatchDoublePrecisionLoops(int n, int k, int m)
    {
        Tensor x = Samples.Tensor(new Shape(n, k), 1), w = Samples.Tensor(new Shape(k, m), 2), dY = Samples.Tensor(new Shape(n, m), 3);
        Tensor y = Samples.Tensor(new Shape(n, m), 4), dW = Samples.Tensor(new Shape(k, m), 5), dX = Samples.Tensor(new Shape(n, k), 6);
        Tensor yBefore = y.Clone(), dWBefore = dW.Clone(), dXBefore = dX.Clone();

        y.AddProduct(x, w);
        AssertSums(y, yBefore, k, (i, j, t) => (x[i, t], w[t, j]));
        dW.AddProduct(x.T, dY);
        AssertSums(dW, dWBefore, n, (i, j, t) => (x[t, i], dY[t, j]));
        dX.AddProduct(dY, w.T);
        AssertSums(dX, dXBefore, m, (i, j, t) => (dY[i, t], w[j, t]));
    }

    [Fact]
    public void AddProduct_MismatchedShapes_NamesThem()
    {
        Tensor x = new(new Shape(2, 3), "x"), w = new(new Shape(4, 5), "w"), y = new(new Shape(2, 5), "y"), unnamed = new(new Shape(2, 4));
        Assert.Equal(
            "y [2, 5] += x [2, 3]·w [4, 5]: the shapes do not match", Assert.Throws<ShapeException>(() => y.AddProduct(x, w)).Message);
        Assert.Equal(
            "y [2, 5] += x [2, 3]ᵀ·w [4, 5]: the shapes do not match", Assert.Throws<ShapeException>(() => y.AddProduct(x.T, w)).Message);
        Assert.Equal(
            "y [2, 5] += x [2, 3]·w [4, 5]ᵀ: the shapes do not match", Assert.Throws<ShapeException>(() => y.AddProduct(x, w.T)).Message);
        Assert.Equal(
            "[2, 4] += [2, 4]·w [4, 5]: the shapes do not match",
            Assert.Throws<ShapeException>(() => unnamed.AddProduct(unnamed, w)).Message);
    }

    [Fact]
    public void Product_ResultIsFactor_Throws()
    {
        var a = new Tensor(new float[,] { { 1, 2 }, { 3, 4 } }, "a");
        var w = a.Clone();
        Assert.Equal(
            "a [2, 2] cannot be both the result and a factor of a product. Use a Clone() of it as the factor.",
            Assert.Throws<InvalidOperationException>(() => a.SetProduct(a, w)).Message);
        Assert.Throws<InvalidOperationException>(() => a.SetProduct(w, a));
        Assert.Throws<InvalidOperationException>(() => a.AddProduct(w, a));
        Assert.Throws<InvalidOperationException>(() => a.AddProduct(a.T, w));
        Assert.Throws<InvalidOperationException>(() => a.AddProduct(w, a.T));
        Assert.Equal([1, 2, 3, 4], a.Span);
    }

    [Fact]
    public void Clear_SpanTakenBefore_ShowsZeros()
    {
        var a = new Tensor(new float[,] { { 1, 2 } });
        Span<float> span = a.Span;
        a.Clear();
        Assert.Equal([0, 0], span);
        span[0] = 7;
        Assert.Equal(7, a[0, 0]);
    }

    [Theory]
    [InlineData(3, 5)] // a different number of rows
    [InlineData(2, 4)] // a different number of columns
    public void AddProduct_DifferentResultShape_Throws(int rows, int columns)
    {
        Tensor x = new(new Shape(2, 3)), w = new(new Shape(3, 5)), y = new(new Shape(rows, columns));
        Assert.Throws<ShapeException>(() => y.AddProduct(x, w));
        Assert.Throws<ShapeException>(() => y.AddProduct(new Tensor(new Shape(3, 2)).T, w));
        Assert.Throws<ShapeException>(() => y.AddProduct(x, new Tensor(new Shape(5, 3)).T));
    }

    [Fact]
    public void SetProductAddColumnSumsAndAdd_MatchLoops()
    {
        // Small integers: no rounding, so exact.
        Tensor y = new(new Shape(2, 3)), b = new(new Shape(3));
        new float[] { 1, 2, 3 }.CopyTo(b.Span);
        Tensor x = new(new float[,] { { 1, 2 }, { 3, 4 } }), w = new(new float[,] { { 1, 0, 1 }, { 0, 1, 1 } });
        y.SetProduct(x, w);
        Assert.Equal([1, 2, 3, 3, 4, 7], y.Span);
        y.SetProduct(x, w, b);
        Assert.Equal([2, 4, 6, 4, 6, 10], y.Span);
        b.AddColumnSums(y);
        Assert.Equal([7, 12, 19], b.Span);
        y.Add(y);
        Assert.Equal([4, 8, 12, 8, 12, 20], y.Span);
    }

    [Fact]
    public void SetProductAddColumnSumsAndAdd_MismatchedShapes_NameThem()
    {
        Tensor y = new(new Shape(2, 3), "y"), b = new(new Shape(2), "b");
        Assert.Equal(
            "b [2] was given where [3] is expected",
            Assert.Throws<ShapeException>(() => y.SetProduct(new Tensor(new Shape(2, 1)), new Tensor(new Shape(1, 3)), b)).Message);
        Assert.Equal(
            "y [2, 3] = [2, 1]·[2, 3]: the shapes do not match",
            Assert.Throws<ShapeException>(() => y.SetProduct(new Tensor(new Shape(2, 1)), new Tensor(new Shape(2, 3)))).Message);
        Assert.Equal("b [2] was given where [3] is expected", Assert.Throws<ShapeException>(() => b.AddColumnSums(y)).Message);
        Assert.Equal("b [2] was given where [2, 3] is expected", Assert.Throws<ShapeException>(() => y.Add(b)).Message);
    }

    [Theory]
    [InlineData(float.NaN, false)]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(float.MaxValue, true)]
    public void IsFinite_LastElement_IsChecked(float last, bool finite)
    {
        var tensor = new Tensor(new float[,] { { 1, 2, last } });
        Assert.Equal(finite, tensor.IsFinite);
        tensor.Resize(new Shape(1, 2)); // elements beyond the shape do not count
        Assert.True(tensor.IsFinite);
    }

    [Fact]
    public void ToString_Tensor_ShowsShapeRangeAndNonFiniteCount()
    {
        Assert.Equal("dW [1, 3] -0.311..0.27", new Tensor(new float[,] { { 0.27f, -0.3111f, 0 } }, "dW").ToString());
        Assert.Equal("[1, 1] 5..5", new Tensor(new float[,] { { 5 } }).ToString());
        Assert.Equal(
            "[2, 2] 2 NaN or infinite 1..2", new Tensor(new float[,] { { 1, float.NaN }, { float.NegativeInfinity, 2 } }).ToString());
        Assert.Equal("x [1, 1] 1 NaN or infinite", new Tensor(new float[,] { { float.NaN } }, "x").ToString());
        Assert.Equal("x [0, 4]", new Tensor(new Shape(0, 4), "x").ToString());
    }

    [Fact]
    public void ToString_OtherCulture_IsInvariant()
    {
        // This build uses the invariant globalization mode, so the culture is constructed by hand.
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Assert.Equal("[1, 1] 0.5..0.5", new Tensor(new float[,] { { 0.5f } }).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void AssertSums(Tensor actual, Tensor before, int terms, Func<int, int, int, (float A, float B)> factors)
    {
        for (int i = 0; i < actual.Shape.Rows; i++)
        {
            for (int j = 0; j < actual.Shape.Columns; j++)
            {
                double sum = before[i, j], size = Math.Abs(before[i, j]);
                for (int t = 0; t < terms; t++)
                {
                    (float a, float b) = factors(i, j, t);
                    sum += (double)a * b;
                    size += Math.Abs((double)a * b);
                }

                Assert.Equal(sum, actual[i, j], (terms + 2) * Samples.U * size);
            }
        }
    }
}
