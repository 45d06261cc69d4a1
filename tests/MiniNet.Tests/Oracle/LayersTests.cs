using System.Text.Json.Nodes;
using MiniNet.Files;

namespace MiniNet.Tests.Oracle;

/// <summary>Compares every layer with PyTorch in float64: output, dX, the gradient of every parameter, and the state afterwards.</summary>
public class LayersTests(WorstErrors worst) : IClassFixture<WorstErrors>
{
    // About thirty roundings of the largest intermediate number. A sum of n terms has a random error of √n roundings; n is below 100 here.
    private const double Tolerance = 2e-6;

    public static TheoryData<string> Names => [.. Recordings.Layers.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Layer_ForwardAndBackward_EqualPyTorch(string name) =>
        Comparison.AssertClose(name, MiniNetRunner.Run(Recordings.Layers[name]), Recordings.Layers[name].Expected, Tolerance, worst);

    [Theory]
    [MemberData(nameof(Names))]
    public void Architecture_ReadAndWritten_IsTheSame(string name)
    {
        JsonNode architecture = Recordings.Layers[name].Architecture;
        JsonNode written = Architecture.Write(Architecture.Read(architecture, seed: 0, numbers: int.MaxValue));
        Assert.True(
            JsonNode.DeepEquals(architecture, JsonNode.Parse(written.ToJsonString())),
            $"{architecture.ToJsonString()}\nbecame\n{written.ToJsonString()}");
    }
}
