using MiniNet.Models;

namespace MiniNet.Tests.Models;

[Collection(SerialTests.Name)]
public sealed class CsvPredictionsMemoryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Write_LongFile_KeepsMemoryBounded()
    {
        const int rows = 200_000;
        using (var file = new StreamWriter(folder["f.csv"]))
        {
            file.WriteLine("a,colour,b,note");
            for (int row = 0; row < rows; row++)
            {
                file.WriteLine($"{row % 17},red,{row % 5},note number {row}");
            }
        }

        using var output = new SamplingStream();
        long written = CsvPredictions.Write(TinyClassifier.Known(), folder["f.csv"], output, TestContext.Current.CancellationToken).Rows;
        Assert.Equal(rows, written);
        Assert.InRange(output.Samples, 5, int.MaxValue);
        Assert.InRange(output.Written, 10_000_000, long.MaxValue);
        Assert.InRange(output.MaxLive - output.FirstLive, long.MinValue, 2_000_000);
    }

    /// <summary>Discards what is written and measures the memory in use after every million bytes.</summary>
    private sealed class SamplingStream : Stream
    {
        private long nextSample;

        public int Samples { get; private set; }

        public long FirstLive { get; private set; }

        public long MaxLive { get; private set; }

        public long Written { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Written += buffer.Length;
            if (Written >= nextSample)
            {
                nextSample = Written + 1_000_000;
                long live = GC.GetTotalMemory(forceFullCollection: true);
                FirstLive = Samples++ == 0 ? live : FirstLive;
                MaxLive = Math.Max(MaxLive, live);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
