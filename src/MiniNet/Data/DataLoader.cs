using System.Collections;
using System.Diagnostics;
using MiniNet.Tensors;

namespace MiniNet.Data;

/// <summary>
/// Iterates over a dataset in mini-batches. Each <c>foreach</c> is one epoch: the rows (not the batches) are shuffled again, and every row
/// occurs once. The last batch may be smaller.
/// </summary>
/// <remarks>
/// A <c>foreach</c> over the loader allocates no memory, because every iteration has the same <see cref="Batch"/> with other rows;
/// <see cref="Batch.Clone"/> keeps one. As an <see cref="IEnumerable{T}"/>, for example in LINQ, the loader gives a copy for each
/// iteration, so <c>loader.ToList()</c> holds all batches of one epoch. Finish an epoch before you start the next one.
/// </remarks>
[DebuggerTypeProxy(typeof(DebuggerView))]
[DebuggerStepThrough]
public sealed class DataLoader : IEnumerable<Batch>
{
    private readonly Dataset dataset;
    private readonly Batch batch;
    private readonly int[] order;

    /// <summary>Initializes a new instance of the <see cref="DataLoader"/> class.</summary>
    /// <param name="dataset">The rows.</param>
    /// <param name="batchSize">The number of rows per batch, at least 1.</param>
    /// <param name="seed">The seed of the shuffling.</param>
    /// <param name="shuffle">Whether to shuffle the rows in each epoch.</param>
    /// <param name="dropLast">Whether to drop a smaller last batch. With shuffling, different rows are dropped in each epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is less than 1.</exception>
    public DataLoader(Dataset dataset, int batchSize, ulong seed = 0, bool shuffle = true, bool dropLast = false)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        this.dataset = dataset;
        BatchSize = Math.Min(batchSize, Math.Max(dataset.Count, 1));
        Shuffle = shuffle;
        DropLast = dropLast;
        Random = new RandomStream(seed, "shuffling");
        order = new int[dataset.Count];
        batch = new Batch(new Tensor(dataset.Inputs.Shape.WithRows(BatchSize), "x"), dataset.Targets.CreateBuffer(BatchSize));
    }

    /// <summary>Gets the number of rows per batch. The last batch may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>Gets the number of batches per epoch.</summary>
    public int Batches => (dataset.Count + (DropLast ? 0 : BatchSize - 1)) / BatchSize;

    /// <summary>Gets a value indicating whether the rows are shuffled in each epoch.</summary>
    public bool Shuffle { get; }

    /// <summary>Gets a value indicating whether a smaller last batch is dropped.</summary>
    public bool DropLast { get; }

    /// <summary>Gets the random stream of the shuffling.</summary>
    public RandomStream Random { get; }

    /// <summary>Starts a new epoch.</summary>
    /// <returns>An enumerator over the batches of the epoch, whose batch is valid until the next one.</returns>
    public Enumerator GetEnumerator() => StartEpoch(copies: false);

    IEnumerator<Batch> IEnumerable<Batch>.GetEnumerator() => StartEpoch(copies: true);

    IEnumerator IEnumerable.GetEnumerator() => StartEpoch(copies: true);

    private Enumerator StartEpoch(bool copies)
    {
        // Each epoch starts from the order of the dataset, so that the order depends only on the state of the random stream.
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (Shuffle)
        {
            Random.Shuffle<int>(order);
        }

        return new Enumerator(this, copies);
    }

    private void Fill(int number)
    {
        int first = (number - 1) * BatchSize;
        int count = Math.Min(BatchSize, dataset.Count - first);
        batch.Number = number;
        batch.Inputs.Resize(batch.Inputs.Shape.WithRows(count));
        batch.Targets.Resize(count);
        for (int i = 0; i < count; i++)
        {
            int row = order[first + i];
            dataset.Inputs.Row(row).CopyTo(batch.Inputs.Row(i));
            batch.Targets.CopyRow(i, dataset.Targets, row);
        }
    }

    /// <summary>Enumerates the batches of one epoch. It is a value type, so that foreach allocates no memory.</summary>
    [DebuggerStepThrough]
    public struct Enumerator : IEnumerator<Batch>
    {
        private readonly DataLoader loader;
        private readonly bool copies;
        private int number;

        internal Enumerator(DataLoader loader, bool copies) => (this.loader, this.copies, Current) = (loader, copies, loader.batch);

        /// <summary>
        /// Gets the current batch. In a <c>foreach</c> over the loader, it is always the same object, and the next call of
        /// <see cref="MoveNext"/> overwrites its rows.
        /// </summary>
        public Batch Current { get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <summary>Fills the batch with the next rows.</summary>
        /// <returns>true if there is another batch; false at the end of the epoch.</returns>
        public bool MoveNext()
        {
            if (number == loader.Batches)
            {
                return false;
            }

            loader.Fill(++number);
            Current = copies ? loader.batch.Clone() : loader.batch;
            return true;
        }

        readonly void IEnumerator.Reset() => throw new NotSupportedException();

        readonly void IDisposable.Dispose()
        {
        }
    }

    // Without it, the debugger would offer to enumerate the loader, which starts a new epoch.
    internal sealed class DebuggerView(DataLoader loader)
    {
        public Batch Batch => loader.batch;

        public int BatchSize => loader.BatchSize;

        public int Batches => loader.Batches;

        public bool Shuffle => loader.Shuffle;

        public bool DropLast => loader.DropLast;

        public RandomStream Random => loader.Random;
    }
}
