using System.Diagnostics;
using MiniNet.Graphs;
using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>
/// Deals a dataset out in batches. Each <c>foreach</c> is one epoch: the rows (not the batches) are put into a new random order, and every
/// row comes once; the last batch may be smaller.
/// </summary>
/// <remarks>An epoch allocates nothing: the loader has one batch and fills it again.</remarks>
[DebuggerStepThrough]
public sealed class DataLoader
{
    private readonly Dataset dataset;
    private readonly Batch batch;
    private readonly int[] order;
    private readonly int[] classes;

    /// <summary>Creates a loader.</summary>
    /// <param name="dataset">What to deal out.</param>
    /// <param name="batchSize">Rows in a batch, at least 1.</param>
    /// <param name="seed">Decides the orders.</param>
    /// <param name="shuffle">Whether to reorder at all.</param>
    /// <param name="dropLast">Whether to leave out a last batch that would be smaller: other rows in each epoch, where they are reordered.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is less than 1.</exception>
    public DataLoader(Dataset dataset, int batchSize, ulong seed = 0, bool shuffle = true, bool dropLast = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        this.dataset = dataset;
        BatchSize = Math.Min(batchSize, Math.Max(dataset.Count, 1));
        Shuffles = shuffle;
        DropsLast = dropLast;
        Random = new RandomStream(seed, "shuffling");
        order = new int[dataset.Count];
        classes = new int[BatchSize];
        batch = new Batch(RoomFor(dataset.Inputs, "x"), dataset.Targets.Values is { } values ? new Targets(RoomFor(values, "t")) : new Targets(classes));
    }

    /// <summary>Rows in a batch, but for a smaller last one.</summary>
    public int BatchSize { get; }

    /// <summary>How many batches an epoch has.</summary>
    public int Batches => (dataset.Count + (DropsLast ? 0 : BatchSize - 1)) / BatchSize;

    /// <summary>Whether each epoch has an order of its own.</summary>
    public bool Shuffles { get; }

    /// <summary>Whether a smaller last batch is left out.</summary>
    public bool DropsLast { get; }

    /// <summary>Where the orders come from.</summary>
    public RandomStream Random { get; }

    /// <summary>Starts an epoch.</summary>
    /// <returns>Its batches.</returns>
    public Enumerator GetEnumerator()
    {
        // From the file's order each time, so that the state of the stream alone decides the epoch.
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (Shuffles)
        {
            Random.Shuffle<int>(order);
        }

        return new Enumerator(this);
    }

    private Tensor RoomFor(Tensor rows, string name) => new(rows.Shape.WithRows(BatchSize), name);

    private void Fill(int number)
    {
        int first = (number - 1) * BatchSize;
        int count = Math.Min(BatchSize, dataset.Count - first);
        batch.Number = number;
        batch.Inputs.Resize(batch.Inputs.Shape.WithRows(count));
        batch.Targets.Values?.Resize(batch.Targets.Values.Shape.WithRows(count));
        batch.Targets.Rows = count;
        for (int i = 0; i < count; i++)
        {
            int row = order[first + i];
            dataset.Inputs.Row(row).CopyTo(batch.Inputs.Row(i));
            if (batch.Targets.Values is { } values)
            {
                dataset.Targets.Values!.Row(row).CopyTo(values.Row(i));
            }
            else
            {
                classes[i] = dataset.Targets.Classes[row];
            }
        }
    }

    /// <summary>The batches of one epoch. A value type, so that a foreach allocates nothing.</summary>
    [DebuggerStepThrough]
    public struct Enumerator
    {
        private readonly DataLoader loader;
        private int number;

        internal Enumerator(DataLoader loader) => this.loader = loader;

        /// <summary>The batch, valid until the next one.</summary>
        public readonly Batch Current => loader.batch;

        /// <summary>Fills the batch with the next rows.</summary>
        /// <returns>False at the end of the epoch.</returns>
        public bool MoveNext()
        {
            if (number == loader.Batches)
            {
                return false;
            }

            loader.Fill(++number);
            return true;
        }
    }
}
