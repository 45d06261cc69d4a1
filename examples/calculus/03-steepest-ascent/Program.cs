// Steepest ascent: of all directions, R increases fastest along its gradient.
//
// In a direction u of length 1, R changes at the rate ∇R · u = |∇R| cos θ, where θ is the angle between u and the gradient. The cosine is
// largest at θ = 0. So the gradient is the direction of steepest ascent, and its length is the slope in that direction. In the opposite
// direction R decreases fastest. Training follows that direction: gradient descent.
//
// By hand at (1, 0.5): |∇R| = √(1.5² + 1²) = √3.25 = 1.8028.
//
// To climb, take a short step along the gradient, compute the gradient again, and repeat. Put a breakpoint on Descent.Steepest and step
// over it. Each step of the returned path has its point, value, gradient, and the line search that chose its length: it tries a length, and
// halves it until R grows enough.
using MiniNet.Calculus;

var graph = new Graph();
Node x = graph.Variable("x"), y = graph.Variable("y");
var f = new Function((4 * x) + (3 * y) - (x * x) - (x * y) - (y * y));

double[] gradient = f.Gradient(1, 0.5);
double length = Math.Sqrt((gradient[0] * gradient[0]) + (gradient[1] * gradient[1]));
double ahead = Math.Atan2(gradient[1], gradient[0]), fastest = 0;
Console.WriteLine("angle to the gradient   rate of change   |gradient| cos(angle)");
for (int degrees = -90; degrees <= 90; degrees += 30)
{
    double theta = degrees * Math.PI / 180;
    double rate = f.DirectionalDerivative([1, 0.5], [Math.Cos(ahead + theta), Math.Sin(ahead + theta)]);
    Console.WriteLine($"{degrees,21}   {rate,14:F4}   {length * Math.Cos(theta),21:F4}");
    fastest = Math.Max(fastest, rate);
}

DescentPath path = Descent.Steepest(f, [-1, 0], steps: 8, ascent: true);
foreach (DescentStep step in path.Steps)
{
    Console.WriteLine(
        $"step {step.Step}: ({step.Point[0],7:F4}, {step.Point[1],7:F4})   R = {step.Value,7:F4}   |gradient| = {step.GradientNorm:F4}");
}

Console.WriteLine("Question: the gradient gets shorter. Where does the climb end, and what is the gradient there? (See the next lesson.)");
return Math.Abs(fastest - Math.Sqrt(3.25)) < 1e-5 && path.End.Value > path.Steps[0].Value ? 0 : 1;
