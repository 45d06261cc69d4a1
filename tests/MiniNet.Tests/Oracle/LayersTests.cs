using System.Text.Json.Nodes;
using MiniNet.Files;

namespace MiniNet.Tests.Oracle;

/// <summary>Every layer against PyTorch in float64: output, dX, the gradient of every parameter, and the state after.</summary>
public class LayersTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    // Some thirty roundings of the largest number on the way. A sum over n terms errs by √n of them at random, and n is below 100 here.
    private const double Tolerance = 2e-6;

    public static TheoryData<string> Names => [.. Recordings.Layers.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Layer_DoesAsPyTorchDoes(string name) =>
        Comparison.AssertClose(name, Ours.Run(Recordings.Layers[name]), Recordings.Layers[name].Expected, Tolerance, worst);

    [Theory]
    [MemberData(nameof(Names))]
    public void Architecture_ReadAndWritten_IsTheSame(string name)
    {
        JsonNode architecture = Recordings.Layers[name].Architecture;
        JsonNode written = Architecture.Write(Architecture.Read(architecture, seed: 0, numbers: int.MaxValue));
        Assert.True(JsonNode.DeepEquals(architecture, JsonNode.Parse(written.ToJsonString())), $"{architecture.ToJsonString()}\nbecame\n{written.ToJsonString()}");
    }
}
