using MiniNet.Kernels;
using MiniNet.Tensors;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Checks every elementwise and rowwise SIMD kernel for every length and for aligned and unaligned addresses: nothing outside its operands
/// is written, inputs do not change, NaN and infinity appear where they do in the plain kernels, and an operand that is too short is
/// rejected. Other tests check the accuracy.
/// </summary>
public class MemoryBoundsTests
{
    private static readonly Dictionary<string, KernelCase> Elements = new(StringComparer.Ordinal)
    {
        ["Sum"] = new(2, 1, x => PlainKernels.Sum(x[0], x[1], x[2]), x => SimdKernels.Sum(x[0], x[1], x[2])),
        ["Accumulate"] = new(1, 1, x => PlainKernels.Accumulate(x[0], x[1]), x => SimdKernels.Accumulate(x[0], x[1])),
        ["Multiply"] = new(2, 1, x => PlainKernels.Multiply(x[0], x[1], x[2]), x => SimdKernels.Multiply(x[0], x[1], x[2])),
        ["MultiplyBackward"] = new(
            2,
            1,
            x => PlainKernels.MultiplyBackward(x[0], x[1], x[2]),
            x => SimdKernels.MultiplyBackward(x[0], x[1], x[2])),
        ["ReLU"] = new(1, 1, x => PlainKernels.ReLU(x[0], x[1]), x => SimdKernels.ReLU(x[0], x[1])),
        ["ReLUBackward"] = new(2, 1, x => PlainKernels.ReLUBackward(x[0], x[1], x[2]), x => SimdKernels.ReLUBackward(x[0], x[1], x[2])),
        ["Sigmoid"] = new(1, 1, x => PlainKernels.Sigmoid(x[0], x[1]), x => SimdKernels.Sigmoid(x[0], x[1])),
        ["SigmoidBackward"] = new(
            2,
            1,
            x => PlainKernels.SigmoidBackward(x[0], x[1], x[2]),
            x => SimdKernels.SigmoidBackward(x[0], x[1], x[2])),
        ["Tanh"] = new(1, 1, x => PlainKernels.Tanh(x[0], x[1]), x => SimdKernels.Tanh(x[0], x[1])),
        ["TanhBackward"] = new(2, 1, x => PlainKernels.TanhBackward(x[0], x[1], x[2]), x => SimdKernels.TanhBackward(x[0], x[1], x[2])),
        ["LeakyReLU"] = new(1, 1, x => PlainKernels.LeakyReLU(x[0], 0.1f, x[1]), x => SimdKernels.LeakyReLU(x[0], 0.1f, x[1])),
        ["LeakyReLUBackward"] = new(
            2,
            1,
            x => PlainKernels.LeakyReLUBackward(x[0], 0.1f, x[1], x[2]),
            x => SimdKernels.LeakyReLUBackward(x[0], 0.1f, x[1], x[2])),
        ["ELU"] = new(1, 1, x => PlainKernels.ELU(x[0], 1.5f, x[1]), x => SimdKernels.ELU(x[0], 1.5f, x[1])),
        ["ELUBackward"] = new(
            2,
            1,
            x => PlainKernels.ELUBackward(x[0], 1.5f, x[1], x[2]),
            x => SimdKernels.ELUBackward(x[0], 1.5f, x[1], x[2])),
        ["GELU"] = new(1, 1, x => PlainKernels.GELU(x[0], x[1]), x => SimdKernels.GELU(x[0], x[1])),
        ["GELUBackward"] = new(2, 1, x => PlainKernels.GELUBackward(x[0], x[1], x[2]), x => SimdKernels.GELUBackward(x[0], x[1], x[2])),
        ["GELUTanh"] = new(1, 1, x => PlainKernels.GELUTanh(x[0], x[1]), x => SimdKernels.GELUTanh(x[0], x[1])),
        ["GELUTanhBackward"] = new(
            2,
            1,
            x => PlainKernels.GELUTanhBackward(x[0], x[1], x[2]),
            x => SimdKernels.GELUTanhBackward(x[0], x[1], x[2])),
        ["SiLU"] = new(1, 1, x => PlainKernels.SiLU(x[0], x[1]), x => SimdKernels.SiLU(x[0], x[1])),
        ["SiLUBackward"] = new(2, 1, x => PlainKernels.SiLUBackward(x[0], x[1], x[2]), x => SimdKernels.SiLUBackward(x[0], x[1], x[2])),
        ["Softplus"] = new(1, 1, x => PlainKernels.Softplus(x[0], 2, 20, x[1]), x => SimdKernels.Softplus(x[0], 2, 20, x[1])),
        ["SoftplusBackward"] = new(
            2,
            1,
            x => PlainKernels.SoftplusBackward(x[0], 2, 20, x[1], x[2]),
            x => SimdKernels.SoftplusBackward(x[0], 2, 20, x[1], x[2])),
        ["DescentStep"] = new(
            1,
            1,
            x => PlainKernels.DescentStep(x[1], x[0], 0.1f, 0.2f),
            x => SimdKernels.DescentStep(x[1], x[0], 0.1f, 0.2f)),
        ["MomentumStep"] = new(
            1,
            2,
            x => PlainKernels.MomentumStep(x[1], x[0], x[2], in Momentum),
            x => SimdKernels.MomentumStep(x[1], x[0], x[2], in Momentum)),
        ["Nesterov's"] = new(
            1,
            2,
            x => PlainKernels.MomentumStep(x[1], x[0], x[2], Momentum with { Nesterov = true }),
            x => SimdKernels.MomentumStep(x[1], x[0], x[2], Momentum with { Nesterov = true })),
        ["AdamStep"] = new(
            1,
            3,
            x => PlainKernels.AdamStep(x[1], x[0], x[2], x[3], in Adam),
            x => SimdKernels.AdamStep(x[1], x[0], x[2], x[3], in Adam)),
        ["NAdamStep"] = new(
            1,
            3,
            x => PlainKernels.NAdamStep(x[1], x[0], x[2], x[3], in NAdam),
            x => SimdKernels.NAdamStep(x[1], x[0], x[2], x[3], in NAdam)),
        ["RMSPropStep"] = new(
            1,
            4,
            x => PlainKernels.RMSPropStep(x[1], x[0], x[4], x[3], x[2], in RMSProp),
            x => SimdKernels.RMSPropStep(x[1], x[0], x[4], x[3], x[2], in RMSProp)),
        ["AdagradStep"] = new(
            1,
            2,
            x => PlainKernels.AdagradStep(x[1], x[0], x[2], 0.1f, 1e-3f, 0.2f),
            x => SimdKernels.AdagradStep(x[1], x[0], x[2], 0.1f, 1e-3f, 0.2f)),
        ["RPropStep"] = new(
            1,
            3,
            x => PlainKernels.RPropStep(x[1], x[0], x[3], x[2], in RProp),
            x => SimdKernels.RPropStep(x[1], x[0], x[3], x[2], in RProp)),
        ["Scale"] = new(0, 1, x => PlainKernels.Scale(x[0], 0.7f), x => SimdKernels.Scale(x[0], 0.7f)),
        ["Clip"] = new(0, 1, x => PlainKernels.Clip(x[0], 0.7f), x => SimdKernels.Clip(x[0], 0.7f)),
        ["SumOfSquares"] = new(
            1,
            0,
            x => x.Result = (float)PlainKernels.SumOfSquares(x[0]),
            x => x.Result = (float)SimdKernels.SumOfSquares(x[0])),
        ["MeanSquaredError"] = new(
            2,
            0,
            x => x.Result = PlainKernels.MeanSquaredError(x[0], x[1]),
            x => x.Result = SimdKernels.MeanSquaredError(x[0], x[1])),
        ["MeanSquaredErrorBackward"] = new(
            2,
            1,
            x => PlainKernels.MeanSquaredErrorBackward(x[0], x[1], 2, x[2]),
            x => SimdKernels.MeanSquaredErrorBackward(x[0], x[1], 2, x[2])),
        ["MeanAbsoluteError"] = new(
            2,
            0,
            x => x.Result = PlainKernels.MeanAbsoluteError(x[0], x[1]),
            x => x.Result = SimdKernels.MeanAbsoluteError(x[0], x[1])),
        ["MeanAbsoluteErrorBackward"] = new(
            2,
            1,
            x => PlainKernels.MeanAbsoluteErrorBackward(x[0], x[1], 2, x[2]),
            x => SimdKernels.MeanAbsoluteErrorBackward(x[0], x[1], 2, x[2])),
        ["Huber"] = new(2, 0, x => x.Result = PlainKernels.Huber(x[0], x[1], 0.7f), x => x.Result = SimdKernels.Huber(x[0], x[1], 0.7f)),
        ["HuberBackward"] = new(
            2,
            1,
            x => PlainKernels.HuberBackward(x[0], x[1], 0.7f, 2, x[2]),
            x => SimdKernels.HuberBackward(x[0], x[1], 0.7f, 2, x[2])),
        ["BinaryCrossEntropy"] = new(
            2,
            0,
            x => x.Result = PlainKernels.BinaryCrossEntropy(x[0], x[1], []),
            x => x.Result = SimdKernels.BinaryCrossEntropy(x[0], x[1], [])),
        ["BinaryCrossEntropy, weights"] = new(
            3,
            0,
            x => x.Result = PlainKernels.BinaryCrossEntropy(x[0], x[1], x[2]),
            x => x.Result = SimdKernels.BinaryCrossEntropy(x[0], x[1], x[2])),
        ["BinaryCrossEntropyBackward"] = new(
            2,
            1,
            x => PlainKernels.BinaryCrossEntropyBackward(x[0], x[1], [], 2, x[2]),
            x => SimdKernels.BinaryCrossEntropyBackward(x[0], x[1], [], 2, x[2])),
        ["BinaryCrossEntropyBackward, weights"] = new(
            3,
            1,
            x => PlainKernels.BinaryCrossEntropyBackward(x[0], x[1], x[2], 2, x[3]),
            x => SimdKernels.BinaryCrossEntropyBackward(x[0], x[1], x[2], 2, x[3])),
        ["KullbackLeibler"] = new(
            2,
            0,
            x => x.Result = PlainKernels.KullbackLeibler(x[0], x.Positive(1), 5),
            x => x.Result = SimdKernels.KullbackLeibler(x[0], x.Positive(1), 5)),
        ["KullbackLeiblerBackward"] = new(
            1,
            1,
            x => PlainKernels.KullbackLeiblerBackward(x[0], 5, 2, x[1]),
            x => SimdKernels.KullbackLeiblerBackward(x[0], 5, 2, x[1])),
    };

    private static readonly Dictionary<string, KernelCase> Rows = new(StringComparer.Ordinal)
    {
        ["AddColumnSums"] = new(
            1,
            1,
            x => PlainKernels.AddColumnSums(x.Matrix(0), x.OneRow(1)),
            x => SimdKernels.AddColumnSums(x.Matrix(0), x.OneRow(1))),
        ["Softmax"] = new(1, 1, x => PlainKernels.Softmax(x.Matrix(0), x.Matrix(1)), x => SimdKernels.Softmax(x.Matrix(0), x.Matrix(1))),
        ["LogSoftmax"] = new(
            1,
            1,
            x => PlainKernels.LogSoftmax(x.Matrix(0), x.Matrix(1)),
            x => SimdKernels.LogSoftmax(x.Matrix(0), x.Matrix(1))),
        ["SoftmaxBackward"] = new(
            2,
            1,
            x => PlainKernels.SoftmaxBackward(x.Probabilities(0), x.Matrix(1), x.Matrix(2)),
            x => SimdKernels.SoftmaxBackward(x.Probabilities(0), x.Matrix(1), x.Matrix(2))),
        ["LogSoftmaxBackward"] = new(
            2,
            1,
            x => PlainKernels.LogSoftmaxBackward(x.LogProbabilities(0), x.Matrix(1), x.Matrix(2)),
            x => SimdKernels.LogSoftmaxBackward(x.LogProbabilities(0), x.Matrix(1), x.Matrix(2))),
        ["SoftmaxCrossEntropy"] = new(
            1,
            1,
            x => x.Result = PlainKernels.SoftmaxCrossEntropy(x.Matrix(0), x.Classes, x.Matrix(1)),
            x => x.Result = SimdKernels.SoftmaxCrossEntropy(x.Matrix(0), x.Classes, x.Matrix(1))),
        ["SoftmaxCrossEntropyBackward"] = new(
            1,
            1,
            x => PlainKernels.SoftmaxCrossEntropyBackward(x.Probabilities(0), x.Classes, 2, x.Matrix(1)),
            x => SimdKernels.SoftmaxCrossEntropyBackward(x.Probabilities(0), x.Classes, 2, x.Matrix(1))),
        ["CrossEntropy"] = new(
            2,
            1,
            x => x.Result = PlainKernels.CrossEntropy(x.Matrix(0), x.Probabilities(1), x.Matrix(2)),
            x => x.Result = SimdKernels.CrossEntropy(x.Matrix(0), x.Probabilities(1), x.Matrix(2))),
        ["CrossEntropyBackward"] = new(
            2,
            1,
            x => PlainKernels.CrossEntropyBackward(x.Probabilities(0), x.Matrix(1), 2, x.Matrix(2)),
            x => SimdKernels.CrossEntropyBackward(x.Probabilities(0), x.Matrix(1), 2, x.Matrix(2)),
            Targets: 1),
    };

    // Rows of a matrix, seen as rows of channels of one pixel, of one channel, or of channels of two pixels; and one number per channel
    // from the last row.
    private static readonly Dictionary<string, KernelCase> Channels = new(StringComparer.Ordinal)
    {
        ["SetChannels"] = new(
            1,
            1,
            x => PlainKernels.SetChannels(x.OneRow(0), x.Channels(1)),
            x => SimdKernels.SetChannels(x.OneRow(0), x.Channels(1))),
        ["AddScaledChannels"] = new(
            2,
            1,
            x => PlainKernels.AddScaledChannels(x.OneRow(0), x.Channels(1), x.Channels(2)),
            x => SimdKernels.AddScaledChannels(x.OneRow(0), x.Channels(1), x.Channels(2))),
        ["AddChannelSums"] = new(
            1,
            1,
            x => PlainKernels.AddChannelSums(x.Channels(0), x.OneRow(1)),
            x => SimdKernels.AddChannelSums(x.Channels(0), x.OneRow(1))),
        ["AddChannelDots"] = new(
            2,
            1,
            x => PlainKernels.AddChannelDots(x.Channels(0), x.Channels(1), x.OneRow(2)),
            x => SimdKernels.AddChannelDots(x.Channels(0), x.Channels(1), x.OneRow(2))),
        ["Normalize"] = new(
            1,
            4,
            x => PlainKernels.Normalize(x.Channels(0), 0.01f, x.OneRow(1), x.OneRow(2), x.OneRow(3), x.Channels(4)),
            x => SimdKernels.Normalize(x.Channels(0), 0.01f, x.OneRow(1), x.OneRow(2), x.OneRow(3), x.Channels(4))),
        ["NormalizeBy"] = new(
            2,
            3,
            x => PlainKernels.NormalizeBy(x.OneRow(1), x.OneRow(4), x.Channels(0), 0.01f, x.OneRow(2), x.Channels(3)),
            x => SimdKernels.NormalizeBy(x.OneRow(1), x.OneRow(4), x.Channels(0), 0.01f, x.OneRow(2), x.Channels(3))),
        ["NormalizeBackward"] = new(
            3,
            1,
            x => PlainKernels.NormalizeBackward(x.Channels(0), x.OneRow(1), x.Channels(2), x.Channels(3)),
            x => SimdKernels.NormalizeBackward(x.Channels(0), x.OneRow(1), x.Channels(2), x.Channels(3))),
    };

    private static readonly MomentumFactors Momentum = new(0.1f, 0.9f, false, 0.2f);
    private static readonly AdamFactors Adam = new(0.01f, 0.9, 0.999, 1e-3f, 0.5f, 0.25f, 0.2f);
    private static readonly NAdamFactors NAdam = new(0.005f, 0.02f, 0.9, 0.999, 1e-3f, 0.25f, 0.2f);
    private static readonly RMSPropFactors RMSProp = new(0.1f, 0.9, 1e-3f, 0.2f, 0.5f, false);
    private static readonly RPropFactors RProp = new(0.5f, 1.2f, 0.4f, 1.1f);

    private readonly RandomStream random = new(21, "guarded");

    public static TheoryData<string> ElementNames => [.. Elements.Keys];

    public static TheoryData<string> RowNames => [.. Rows.Keys];

    public static TheoryData<string> ChannelNames => [.. Channels.Keys];

    [Theory]
    [MemberData(nameof(ElementNames))]
    public void ElementKernel_EveryLength_MatchesPlain(string name)
    {
        for (int n = 0; n <= 256; n++)
        {
            Check(Elements[name], rows: 1, columns: n, specials: false);
            Check(Elements[name], rows: 1, columns: n, specials: true);
        }
    }

    [Theory]
    [MemberData(nameof(RowNames))]
    public void RowKernel_EveryWidth_MatchesPlain(string name)
    {
        for (int columns = 1; columns <= 256; columns++)
        {
            foreach (int rows in columns <= 70 ? [1, 3, 4, 15, 16, 33] : new[] { 1, 3 })
            {
                Check(Rows[name], rows, columns, specials: false);
                CheckInfinities(Rows[name], rows, columns);
            }
        }
    }

    [Theory]
    [MemberData(nameof(ChannelNames))]
    public void ChannelKernel_EveryWidth_MatchesPlain(string name)
    {
        for (int columns = 1; columns <= 256; columns++)
        {
            foreach (int pixels in columns % 2 == 0 ? [1, 2, columns / 2, columns] : new[] { 1, columns })
            {
                foreach (int rows in columns <= 70 ? [1, 2, 5, 33] : new[] { 1, 3 })
                {
                    Check(Channels[name], rows, columns, specials: false, pixels);
                    Check(Channels[name], rows, columns, specials: true, pixels);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(RowNames))]
    public void RowKernel_NaN_StaysInItsRow(string name)
    {
        foreach ((int rows, int columns) in new[] { (1, 3), (16, 3), (16, 10), (37, 5), (5, 64), (6, 65), (3, 130) })
        {
            for (int bad = 0; bad < rows; bad += 3)
            {
                var operands = new Operands(Rows[name], rows, columns, random);
                operands[0][(bad * columns) + (columns / 2)] = float.NaN;
                Operands plain = operands.Copy(), simd = operands.Copy();
                Rows[name].Plain(plain);
                Rows[name].Simd(simd);
                AssertSame(plain, simd, $"{name}, {rows}x{columns}, NaN in row {bad}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ElementNames))]
    public void ElementKernel_ShortOperand_Throws(string name)
    {
        KernelCase subject = Elements[name];
        foreach (int n in new[] { 2, 5, 16, 40 })
        {
            int accepted = 0;
            for (int at = 0; at < subject.Inputs + subject.Outputs; at++)
            {
                var operands = new Operands(subject, 1, n, random) { Short = at };
                float leftOut = operands.OmittedElement;
                var exception = Record.Exception(() => subject.Simd(operands));
                Assert.True(exception is null or ArgumentException or IndexOutOfRangeException, $"{exception}");
                accepted += exception is null ? 1 : 0;
                operands.AssertCanariesIntact(name);
                Assert.Equal(leftOut, operands.OmittedElement);
            }

            // One operand may determine the length. If that one is shorter, fewer elements are processed.
            Assert.True(accepted <= 1, $"{accepted} operands of {n} may be too short");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(70)]
    public void Softmax_ClassOutOfRange_Throws(int columns)
    {
        foreach (int none in new[] { -1, columns, int.MinValue, int.MaxValue })
        {
            int[] classes = [0, 1, 2, none, 0];
            var operands = new Operands(Rows["SoftmaxCrossEntropy"], 5, columns, random);
            Assert.Throws<ArgumentOutOfRangeException>(
                () => SimdKernels.SoftmaxCrossEntropy(operands.Matrix(0), classes, operands.Matrix(1)));
            Assert.Throws<ArgumentOutOfRangeException>(
                () => SimdKernels.SoftmaxCrossEntropyBackward(operands.Matrix(0), classes, 1, operands.Matrix(1)));
            Assert.Throws<ArgumentOutOfRangeException>(
                () => SimdKernels.SoftmaxCrossEntropy(operands.Matrix(0), [0, 1], operands.Matrix(1)));
            operands.AssertCanariesIntact("SoftmaxCrossEntropy");
        }
    }

    private void Check(KernelCase subject, int rows, int columns, bool specials, int pixels = 1)
    {
        var operands = new Operands(subject, rows, columns, random) { Pixels = pixels };
        if (specials)
        {
            operands.PutSpecials(large: Channels.ContainsValue(subject) ? 10 : 1e30f); // a sum could not distinguish 1e30 + 1 − 1e30 from 0
        }

        Operands plain = operands.Copy(), simd = operands.Copy();
        subject.Plain(plain);
        subject.Simd(simd);
        AssertSame(plain, simd, $"{rows}x{columns}, {pixels} pixels");
        simd.AssertCanariesIntact($"{rows}x{columns}, {pixels} pixels");
        for (int i = 0; i < subject.Inputs; i++)
        {
            Assert.True(operands[i].SequenceEqual(simd[i]) || specials, "an input has changed");
        }
    }

    // In some rows, one of the inputs has an infinite element.
    private void CheckInfinities(KernelCase subject, int rows, int columns)
    {
        for (int at = 0; at < subject.Inputs; at++)
        {
            var operands = new Operands(subject, rows, columns, random);
            for (int row = random.NextInt32(2); row < rows && at != subject.Targets; row += 2)
            {
                operands[at][(row * columns) + random.NextInt32(columns)] = random.NextInt32(2) == 0
                    ? float.PositiveInfinity
                    : float.NegativeInfinity;
            }

            Operands plain = operands.Copy(), simd = operands.Copy();
            subject.Plain(plain);
            subject.Simd(simd);
            AssertSame(plain, simd, $"{rows}x{columns}, infinities in operand {at}");
            simd.AssertCanariesIntact($"{rows}x{columns}, infinities in operand {at}");
        }
    }

    // A coarse comparison: a wrong or missing element would differ by far more.
    private static void AssertSame(Operands plain, Operands simd, string what)
    {
        if (!AreSame(plain.Result, simd.Result))
        {
            Assert.Fail($"{what}: plain {plain.Result:R}, simd {simd.Result:R}");
        }
        for (int at = 0; at < plain.Count; at++)
        {
            for (int i = 0; i < plain[at].Length; i++)
            {
                if (!AreSame(plain[at][i], simd[at][i]))
                {
                    Assert.Fail($"{what}, operand {at} [{i}]: plain {plain[at][i]:R}, simd {simd[at][i]:R}");
                }
            }
        }
    }

    private static bool AreSame(float plain, float simd) =>
        plain.Equals(simd) || plain == simd || Math.Abs((double)plain - simd) <= 1e-5 * (1 + Math.Abs((double)plain));

    /// <param name="Inputs">The number of inputs.</param>
    /// <param name="Outputs">The number of outputs, which follow the inputs.</param>
    /// <param name="Plain">The plain kernel.</param>
    /// <param name="Simd">The SIMD kernel.</param>
    /// <param name="Targets">The index of the input that is never infinite; -1 if there is none.</param>
    private sealed record KernelCase(int Inputs, int Outputs, Action<Operands> Plain, Action<Operands> Simd, int Targets = -1);

    /// <summary>Represents the operands of a kernel, each in a canary buffer, with outputs after inputs.</summary>
    private sealed class Operands
    {
        private readonly CanaryBuffer[] data;
        private readonly int rows, columns;

        public Operands(KernelCase subject, int rows, int columns, RandomStream random)
        {
            (this.rows, this.columns) = (rows, columns);
            data = new CanaryBuffer[subject.Inputs + subject.Outputs];
            for (int at = 0; at < data.Length; at++)
            {
                data[at] = new CanaryBuffer(rows * columns, at + rows + columns, random);
            }

            if (subject.Outputs > 1)
            {
                foreach (ref float square in this[^1])
                {
                    square *= square; // the last state of an optimizer holds squares
                }
            }

            Classes = Samples.Classes(rows, Math.Max(columns, 1), random);
        }

        private Operands(Operands other)
        {
            (rows, columns, Classes, Short, Pixels) = (other.rows, other.columns, other.Classes, other.Short, other.Pixels);
            data = [.. other.data.Select(array => array.Copy())];
        }

        public int Count => data.Length;

        public int[] Classes { get; }

        /// <summary>Gets the index of the operand that is one element too short.</summary>
        public int Short { get; init; } = -1;

        /// <summary>Gets the number of columns of a row that belong to one channel.</summary>
        public int Pixels { get; init; } = 1;

        public float Result { get; set; }

        public Span<float> this[Index at] => data[at].Span[..((rows * columns) - (at.GetOffset(Count) == Short ? 1 : 0))];

        public MatrixView Matrix(int at) => data[at].Matrix(rows, columns);

        public ChannelsView Channels(int at) => data[at].Channels(rows, columns / Pixels, Pixels);

        /// <summary>Returns the last row, which serves as a bias or its gradient.</summary>
        public Span<float> OneRow(int at) => this[at].Slice((rows - 1) * columns, columns);

        /// <summary>Returns the operand as probabilities, computed by the plain kernels so that both get the same.</summary>
        public MatrixView Probabilities(int at)
        {
            MatrixView shares = data[at].Copy().Matrix(rows, columns);
            PlainKernels.Softmax(Matrix(at), shares);
            return shares;
        }

        public Span<float> Positive(int at)
        {
            Span<float> positive = data[at].Copy().Span[..this[at].Length];
            foreach (ref float x in positive) { x = Math.Max(x, 0); }
            return positive;
        }

        public MatrixView LogProbabilities(int at)
        {
            MatrixView logs = data[at].Copy().Matrix(rows, columns);
            PlainKernels.LogSoftmax(Matrix(at), logs);
            return logs;
        }

        public Operands Copy() => new(this);

        public void PutSpecials(float large)
        {
            float[] specials = [
                0, -0f, float.Epsilon, -1e-40f, 1e-38f, large, -large, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
            for (int i = 0; i < this[0].Length; i += 3)
            {
                this[0][i] = specials[i / 3 % specials.Length];
            }
        }

        /// <summary>Gets the element that the short operand lacks.</summary>
        public float OmittedElement => data[Short].Span[^1];

        public void AssertCanariesIntact(string what)
        {
            for (int at = 0; at < Count; at++)
            {
                data[at].AssertCanariesIntact($"{what}, operand {at}");
            }
        }
    }
}
