// A classifier for the loss SoftmaxCrossEntropy. It learns, but its loss never falls below about 0.55, whatever the learning rate.
// For perfect probabilities, [1, 0, 0], this loss is −log(e/(e + 1 + 1)) = 0.551. Which input does the loss expect?
internal static class Exercise
{
    public static Sequential Network() => new(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3), new Softmax());
}
