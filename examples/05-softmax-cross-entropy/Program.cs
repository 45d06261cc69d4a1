// Softmax and cross-entropy, used at the end of almost every classifier. Softmax turns scores z into probabilities, pⱼ = e^zⱼ / Σₖ e^zₖ,
// and the loss is the negative log-probability of the correct class t, L = −log pₜ. The derivative of softmax alone is complicated; the
// derivative of both together is very simple:
//
//     L = −log pₜ = −zₜ + log Σₖ e^zₖ       the derivative of the last term is e^zⱼ / Σₖ e^zₖ = pⱼ, so
//     ∂L/∂zⱼ = pⱼ − 1 for the correct class, and pⱼ for every other class
//
// In short p − 1[t], where 1[t] is 1 at the correct class t and 0 elsewhere. For n rows, L is the mean, so everything is divided by n
// (here n = 1). Gradient descent therefore raises the score of the correct class and lowers the others, in proportion to the error in
// their probabilities. The elements of the gradient add up to 0.
//
// In the debugger: set a breakpoint on graph.Backward() and press F11 until you are in SoftmaxCrossEntropy.Backward, and then in the
// plain kernel that it calls. In Locals, p holds the probabilities that the forward pass kept. The gradient of the correct class, p − 1,
// is minus the sum of all other probabilities.

var graph = new Graph();
Node z = graph.Input("z", Shape.Batch(3), needsGradient: true);
graph.AddLoss(new SoftmaxCrossEntropy());

var scores = new Tensor(new float[,] { { 1, 2, 3 } }, "z");
int[] right = [1];                                               // the correct class is 1, which has score 2
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
