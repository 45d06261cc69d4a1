// Solution: the derivative of (p − t)² is 2(p − t).
internal sealed class SquaredError : Loss
{
    public override void Check(Shape prediction, Targets targets) => RequireValues(prediction, targets);

    public override float Forward(Tensor prediction, Targets targets, NodeContext context)
    {
        float sum = 0;
        for (int i = 0; i < prediction.Span.Length; i++)
        {
            float error = prediction.Span[i] - targets.Values!.Span[i];
            sum += error * error;
        }

        return sum / prediction.Span.Length;                    // L = (1/N) Σ (p − t)²
    }

    public override void Backward(Tensor prediction, Targets targets, float dL, Tensor dPrediction, NodeContext context)
    {
        int n = prediction.Span.Length;
        for (int i = 0; i < n; i++)
        {
            float error = prediction.Span[i] - targets.Values!.Span[i];
            dPrediction.Span[i] += dL * 2 * error / n;
        }
    }
}
