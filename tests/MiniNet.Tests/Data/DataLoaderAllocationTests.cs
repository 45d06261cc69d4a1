using MiniNet.Data;

namespace MiniNet.Tests.Data;

[Collection(SerialTests.Name)]
public class DataLoaderAllocationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SecondEpoch_AllocatesNothing(bool classes)
    {
        var loader = new DataLoader(DataLoaderTests.Rows(103, classes), 10, seed: 3);
        Assert.Equal(0, Allocated(() =>
        {
            foreach (Batch batch in loader)
            {
                _ = batch.Targets.Rows;
            }
        }));
        Assert.NotEqual(0, Allocated(() => _ = loader.Last())); // LINQ gets copies
    }

    private static long Allocated(Action epoch)
    {
        long least = long.MaxValue; // the runtime itself may allocate in some attempts
        for (int attempt = 0; attempt < 10; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            epoch();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
