// Solution: softmax is part of the loss, so the network ends with scores (logits).
internal static class Exercise
{
    public static Sequential Network() => new(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));
}
