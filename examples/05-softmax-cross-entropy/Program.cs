// Softmax and cross-entropy, the end of almost every classifier. Softmax makes probabilities of scores, pⱼ = e^zⱼ / Σₖ e^zₖ, and the loss is
// L = −log p[class]. Each derivative alone is unpleasant; that of both together is the simplest there is:
//
//     ∂L/∂zⱼ = pⱼ − 1 where j is the right class, and pⱼ where it is not
//
// In short p − 1[t], where 1[t] is 1 at the right class t and 0 at all others; of n rows L is the mean, so all of it is divided by n (here 1).
// So the right score is pushed up by what it lacks, and every other one down by what it has too much. The shares add up to 0.
//
// Put a breakpoint on graph.Backward() and press F11 until you are in SoftmaxCrossEntropy.Backward and then in the plain kernel under it. In
// Locals is p, the probabilities that the way forward has kept; the right class gets minus the sum of all others, which is its own p − 1.
using MiniNet.Graphs;
using MiniNet.Losses;
using MiniNet.Tensors;

var graph = new Graph();
Node z = graph.Input("z", Shape.Batch(3), needsGradient: true);
graph.AddLoss(new SoftmaxCrossEntropy());

var scores = new Tensor(new float[,] { { 1, 2, 3 } }, "z");
int[] right = [1];                                               // the class with the score 2
graph.Forward(scores);
float loss = graph.Loss(right);
graph.Backward();

double total = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);
Console.WriteLine($"L = {loss:F4} = -log {Math.Exp(2) / total:F4}");
bool asByHand = Math.Abs(loss + Math.Log(Math.Exp(2) / total)) < 1e-6;
for (int j = 0; j < 3; j++)
{
    double p = Math.Exp(scores[0, j]) / total, byHand = j == right[0] ? p - 1 : p;
    Console.WriteLine($"class {j}: p = {p:F4}   dL/dz = {z.Gradient![0, j]:F4}");
    asByHand &= Math.Abs(z.Gradient[0, j] - byHand) < 1e-6;
}

return asByHand ? 0 : 1;
