using System.Diagnostics;
using System.Text.Json.Nodes;
using MiniNet.Files;
using MiniNet.Tensors;
using MiniNet.Tests.Models;

namespace MiniNet.Tests.Files;

public sealed class DamagedModelFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly byte[] valid;

    public DamagedModelFileTests()
    {
        ModelFile.Save(folder["valid"], TinyClassifier.Residual());
        valid = File.ReadAllBytes(folder["valid"]);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Load_TruncatedAnywhere_Throws()
    {
        for (int length = 0; length < valid.Length; length++)
        {
            byte[] file = valid[..length];
            AssertOneLine(Assert.Throws<ModelFileException>(() => Load(file)));
        }

        Load(valid);
    }

    [Fact]
    public void Load_RandomDamage_LoadsOrThrows()
    {
        var random = new RandomStream(1, "damage");
        int headerEnd = 8 + new RawModel(valid).HeaderLength, refused = 0;
        var watch = Stopwatch.StartNew();
        for (int i = 0; i < 2000; i++)
        {
            byte[] file = [.. valid];
            int changes = i % 2 == 0 ? 1 : 2 + random.NextInt32(20);
            for (int change = 0; change < changes; change++)
            {
                int at = random.NextInt32(i % 4 == 0 ? file.Length : headerEnd);
                file[at] = random.NextInt32(3) switch
                {
                    0 => (byte)(file[at] ^ (1 << random.NextInt32(8))),
                    1 => (byte)random.NextInt32(256),
                    _ => "0123456789-,:[]{}\"\\en. "u8[random.NextInt32(23)],
                };
            }

            try
            {
                Load(file);
            }
            catch (ModelFileException e)
            {
                refused++;
                AssertOneLine(e);
            }
        }

        Assert.InRange(refused, 1000, 1999);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 200); // only a hang takes this long
    }

    [Fact]
    public void Load_RandomJsonValues_LoadsOrThrows()
    {
        // Random bytes rarely give valid JSON. Here each value of the metadata in turn is replaced with other valid JSON.
        string[] values =
        [
            "null", "-1", "0", "1", "1.5", "1e400", "9223372036854775808", "\"\"", "\"x\"", "\"\\ud800\"", "true", "[]",
            "[null]", "[[]]", "{}", "{\"a\":1,\"a\":2}",
        ];
        int refused = 0, loaded = 0;
        foreach (string key in new[] { "version", "seed", "architecture", "schema", "preprocessing", "classes" })
        {
            int places = Places(JsonNode.Parse(new RawModel(valid).Metadata[key]!.GetValue<string>())!).Count;
            for (int place = 0; place < places; place++)
            {
                foreach (string value in values)
                {
                    var raw = new RawModel(valid);
                    JsonNode root = JsonNode.Parse(raw.Metadata[key]!.GetValue<string>())!;
                    JsonNode node = Places(root)[place];
                    string text = ReplaceText(root, node, value);
                    raw.Metadata[key] = text;
                    try
                    {
                        Load(raw.ToBytes()).Predict("1", "red", "2");
                        loaded++;
                    }
                    catch (ModelFileException e)
                    {
                        refused++;
                        AssertOneLine(e);
                    }
                    catch (MiniNet.Data.DataFormatException)
                    {
                        loaded++; // a model with other categories or columns is valid, but cannot predict this row
                    }
                }
            }
        }

        Assert.InRange(refused, 500, int.MaxValue);
        Assert.InRange(loaded, 10, int.MaxValue);
    }

    [Fact]
    public void Load_HeaderLongerThanTheFile_Throws()
    {
        Refuses(
            [.. BitConverter.GetBytes((ulong)valid.Length), .. valid[8..]],
            $"its header claims to be {valid.Length} bytes long, but the file ends after {valid.Length - 8}; it is truncated or not a " +
            "model file");
        Refuses(
            [.. BitConverter.GetBytes(100_000_001UL), .. valid[8..]],
            "its header claims to be 100000001 bytes long, more than the 100000000 allowed; it is probably not a model file");
        Refuses(
            [.. BitConverter.GetBytes(ulong.MaxValue), .. valid[8..]],
            "its header claims to be 18446744073709551615 bytes long, more than the 100000000 allowed; it is probably not a model file");
        Refuses([1, 2, 3], "it is truncated: 3 bytes, fewer than the 8 that every model file begins with");
    }

    [Theory]
    [InlineData("0,64", "4,68", "tensor 'first.weight' begins at byte 4, where 0 is expected: tensors overlap or leave a gap")]
    [InlineData("0,64", "-4,60", "tensor 'first.weight' is at bytes [-4, 60] of 120, outside the file; the file is truncated or damaged")]
    [InlineData("0,64", "64,0", "tensor 'first.weight' is at bytes [64, 0] of 120, outside the file; the file is truncated or damaged")]
    [InlineData("0,64", "60,124", "tensor 'first.weight' is at bytes [60, 124] of 120, outside the file; the file is truncated or damaged")]
    [InlineData("0,64", "0", "tensor 'first.weight' is at bytes [0] of 120, outside the file; the file is truncated or damaged")]
    [InlineData("0,64", "0,60", "tensor 'first.weight' has shape [4, 4], which does not match its 60 bytes")]
    [InlineData(
        "0,64",
        "9223372036854775743,9223372036854775807",
        "tensor 'first.weight' is at bytes [9223372036854775743, 9223372036854775807] of 120, outside the file; the file is " +
        "truncated or damaged")]
    [InlineData("64,80", "68,84", "tensor 'first.bias' begins at byte 68, where 64 is expected: tensors overlap or leave a gap")]
    [InlineData("112,120", "104,112", "tensor 'output.bias' begins at byte 104, where 112 is expected: tensors overlap or leave a gap")]
    public void Load_BadOffsets_Throws(string old, string offsets, string problem)
    {
        string header = new RawModel(valid).HeaderText;
        string entry = $"\"data_offsets\":[{old}]";
        Assert.Contains(entry, header, StringComparison.Ordinal);
        string spoilt = header.Replace(entry, $"\"data_offsets\":[{offsets}]", StringComparison.Ordinal);
        Refuses(RawModel.ToBytes(spoilt, new RawModel(valid).Data), problem);
    }

    [Fact]
    public void Load_BytesOfNoTensor_Throws() => Refuses([.. valid, 0, 0, 0, 0], "4 bytes after the last tensor belong to no tensor");

    [Fact]
    public void Load_OverlappingTensors_ThrowsBeforeCopying()
    {
        // A thousand tensors claim the same megabyte.
        var header = new JsonObject();
        for (int i = 0; i < 1000; i++)
        {
            header[$"t{i}"] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray(1 << 18),
                ["data_offsets"] = new JsonArray(0, 1 << 20),
            };
        }

        byte[] file = RawModel.ToBytes(header.ToJsonString(), new byte[1 << 20]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuses(file, "tensor 't1' begins at byte 0, where 1048576 is expected: tensors overlap or leave a gap");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Theory]
    [InlineData("not JSON at all")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\"}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}")]
    [InlineData("{\"__metadata__\":{\"version\":1}}")]
    [InlineData("{\"__metadata__\":[]}")]
    [InlineData("{\"__metadata__\":{\"seed\":\"1\",\"seed\":\"1\"}}")]
    [InlineData(
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}")]
    public void Load_BadHeader_Throws(string header)
    {
        string path = folder.Write("bad", RawModel.ToBytes(header, []));
        var e = Assert.Throws<ModelFileException>(() => ModelFile.Load(path));
        Assert.StartsWith(
            $"{path}: the model cannot be loaded: its header does not follow the format: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_InvalidTensors_Throws()
    {
        Refuses(raw => raw.Header["first.weight"]!["dtype"] = "F16", "tensor 'first.weight' is of dtype 'F16'; only F32 is supported");
        Refuses(
            raw => raw.Header["first.weight"]!["shape"] = new JsonArray(2, 8),
            "tensor 'first.weight' has shape [2, 8], but the architecture needs [4, 4]");
        Refuses(
            raw => raw.Header["first.weight"]!["shape"] = new JsonArray(16),
            "tensor 'first.weight' has shape [16], but the architecture needs [4, 4]");
        Refuses(
            raw => raw.Header["first.weight"]!["shape"] = new JsonArray(4, 5),
            "tensor 'first.weight' has shape [4, 5], which does not match its 64 bytes");
        Refuses(
            raw => raw.Header["first.weight"]!["shape"] = new JsonArray(1L << 31, 1L << 31, 4, 4),
            "tensor 'first.weight' has shape [2147483648, 2147483648, 4, 4], which does not match its 64 bytes");
        Refuses(
            raw => Rename(raw.Header, "output.bias", "output.offset"),
            "tensor 'output.bias' is missing; tensor 'output.offset' belongs to no node of the architecture");
        Refuses(
            raw =>
            {
                raw.Header["more.weight"] = new JsonObject
                {
                    ["dtype"] = "F32",
                    ["shape"] = new JsonArray(1),
                    ["data_offsets"] = new JsonArray(120, 124),
                };
                raw.Data = [.. raw.Data, 0, 0, 0, 0];
            },
            "tensor 'more.weight' belongs to no node of the architecture");
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            Refuses(raw => BitConverter.TryWriteBytes(raw.Data.AsSpan(72), bad), "tensor 'first.bias' contains NaN or infinity");
        }
    }

    [Theory]
    [InlineData("version", "2", "its format is version 2, but this version of MiniNet reads version 1")]
    [InlineData("version", "", "its format is version , but this version of MiniNet reads version 1")]
    [InlineData("version", null, "its metadata has no 'version'; was it written by MiniNet?")]
    [InlineData("architecture", null, "its metadata has no 'architecture'; was it written by MiniNet?")]
    [InlineData("classes", null, "its metadata has no 'classes'; was it written by MiniNet?")]
    [InlineData("classes", "[\"no\",\"no\"]", "two columns, or two classes, have the same name")]
    [InlineData("classes", "[\"no\",null]", "a class has no name")]
    [InlineData("classes", "[\"no\",\"yes\",\"maybe\"]", "The network gives [n, 2], but the preprocessing has 3 classes")]
    [InlineData("preprocessing", "[]", "it has 3 columns, but preprocessing for 0")]
    [InlineData(
        "preprocessing",
        "[{\"mean\":0,\"standardDeviation\":1},{\"categories\":[\"red\",null]},{\"mean\":0,\"standardDeviation\":1}]",
        "a category of column 'colour' has no name")]
    [InlineData(
        "preprocessing",
        "[{\"mean\":0,\"standardDeviation\":0},{\"categories\":[\"red\",\"blue\"]},{\"mean\":0,\"standardDeviation\":1}]",
        "column 'a' is of kind 'numeric' with mean 0 and standard deviation 0, which is invalid")]
    public void Load_InvalidMetadata_Throws(string key, string? text, string problem) => Refuses(
        raw =>
        {
            raw.Metadata.Remove(key);
            if (text is not null)
            {
                raw.Metadata[key] = text;
            }
        },
        problem);

    [Fact]
    public void Load_InvalidArchitecture_Throws()
    {
        RefusesNode(
            1,
            node => node["kind"] = "Conv9",
            "node 'first' is of kind 'Conv9', which this version of MiniNet does not support; it supports " +
            $"{string.Join(", ", Architecture.Kinds.Select(kind => kind.Name))}; " +
            "a custom layer must be registered with ModelFile.Register");
        RefusesNode(
            1, node => node["from"] = new JsonArray("x", "x"), "node 'first' has 2 sources, which is the wrong number for its kind");
        RefusesNode(1, node => node["from"] = new JsonArray("relu1"), "There is no node 'relu1'; the nodes are x");
        RefusesNode(1, node => node["name"] = "x", "There is a node 'x' already");
        RefusesNode(
            0,
            node => node["shape"] = new JsonArray(8, 4),
            "node 'x' has the shape [8, 4], but the number of rows of a model's input must be open, -1");
    }

    [Theory]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(int.MaxValue, 1)]
    [InlineData(65536, 65536)]
    [InlineData(0, 4)]
    [InlineData(-4, -4)]
    public void Load_LinearLargerThanTheFile_ThrowsBeforeAllocating(int inputs, int outputs)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        RefusesNode(
            1,
            node => (node["inputs"], node["outputs"]) = (inputs, outputs),
            $"a Linear of {inputs} -> {outputs} needs more than the 30 values left in the file");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    [Theory]
    [InlineData("conv", "stride", "[0,1]", "node 'conv' (Conv2d): 'stride' is invalid. It must be at least 1. Actual value was 0")]
    [InlineData(
        "conv",
        "stride",
        "[-2147483648,1]",
        "node 'conv' (Conv2d): 'stride' is invalid. It must be at least 1. Actual value was -2147483648")]
    [InlineData("conv", "stride", "2", "'stride' is missing or has the wrong type")]
    [InlineData("conv", "stride", "[2]", "'stride' must be a height and a width")]
    [InlineData("conv", "stride", "[2,null]", "'stride' must contain only numbers")]
    [InlineData(
        "conv", "padding", "[-1,0]", "node 'conv' (Conv2d): 'padding' is invalid. It must be finite and at least 0. Actual value was -1")]
    [InlineData(
        "conv",
        "padding",
        "[100000,100000]",
        "conv (Conv2d 1 -> 3, 3x2, stride 2x1, padding 100000x100000) needs [n, 3, 100000, 200001], more numbers per row than one " +
        "tensor can hold from images")]
    [InlineData(
        "conv",
        "padding",
        "[2147483647,2147483647]",
        "conv (Conv2d 1 -> 3, 3x2, stride 2x1, padding 2147483647x2147483647) expects images with room for its window of 3x2, got [n, " +
        "1, 2, 2] from images; choose a smaller window or more padding")]
    [InlineData("conv", "kernelSize", "[0,2]", "a Conv2d of 1 -> 3, 0x2, needs more than the 64 values left in the file")]
    [InlineData(
        "conv",
        "kernelSize",
        "[2147483647,2147483647]",
        "a Conv2d of 1 -> 3, 2147483647x2147483647, needs more than the 64 values left in the file")]
    [InlineData("conv", "outChannels", "-1", "a Conv2d of 1 -> -1, 3x2, needs more than the 64 values left in the file")]
    [InlineData("conv", "outChannels", "2000000000", "a Conv2d of 1 -> 2000000000, 3x2, needs more than the 64 values left in the file")]
    [InlineData(
        "conv", "inChannels", "2", "conv (Conv2d 2 -> 3, 3x2, stride 2x1, padding 1x1) expects [n, 2, h, w], got [n, 1, 2, 2] from images")]
    [InlineData("max", "kernelSize", "[0,2]", "node 'max' (MaxPool2d): 'kernelSize' is invalid. It must be at least 1. Actual value was 0")]
    [InlineData("max", "stride", "[1,0]", "node 'max' (MaxPool2d): 'stride' is invalid. It must be at least 1. Actual value was 0")]
    [InlineData(
        "max",
        "padding",
        "[1,1]",
        "node 'max' (MaxPool2d): 'padding' is invalid. It must be at most half the window, 0x1. Actual value was 1x1")]
    [InlineData(
        "average",
        "kernelSize",
        "[2147483647,2]",
        "average (AveragePool2d 2147483647x2, stride 1x2) expects images with room for its window of 2147483647x2, got [n, 3, 1, 4] " +
        "from max; choose a smaller window or more padding")]
    [InlineData("norm1", "features", "0", "a BatchNorm of 0 features needs more than the 80 values left in the file")]
    [InlineData("norm1", "features", "2147483647", "a BatchNorm of 2147483647 features needs more than the 80 values left in the file")]
    [InlineData(
        "norm1",
        "epsilon",
        "1e400",
        "node 'norm1' (BatchNorm1d): 'epsilon' is invalid. It must be finite and above 0. Actual value was Infinity")]
    [InlineData("norm1", "epsilon", "\"NaN\"", "'epsilon' has the wrong type")]
    [InlineData(
        "norm1", "epsilon", "0", "node 'norm1' (BatchNorm1d): 'epsilon' is invalid. It must be finite and above 0. Actual value was 0")]
    [InlineData(
        "norm2", "momentum", "-0.5", "node 'norm2' (BatchNorm2d): 'momentum' is invalid. It must be from 0 to 1. Actual value was -0.5")]
    [InlineData(
        "norm3", "epsilon", "-1", "node 'norm3' (LayerNorm): 'epsilon' is invalid. It must be finite and above 0. Actual value was -1")]
    [InlineData("norm3", "shape", "[65536,65536]", "a LayerNorm of [65536, 65536] needs more than the 26 values left in the file")]
    [InlineData(
        "norm3",
        "shape",
        "[]",
        "node 'norm3' (LayerNorm): 'normalizedShape' is invalid. It must have one to three dimensions, each at least 1. Actual value " +
        "was []")]
    [InlineData(
        "norm3", "shape", "[1,1,1,1,1]", "node 'norm3' (LayerNorm): 'dimensions' is invalid. A shape has at most 4 dimensions, not 5.")]
    [InlineData("words", "count", "2000000000", "an Embedding of 2000000000 x 2 needs more than the 32 values left in the file")]
    [InlineData("words", "dimensions", "0", "an Embedding of 3 x 0 needs more than the 32 values left in the file")]
    [InlineData(
        "images",
        "shape",
        "[1,0,4]",
        "node 'images' (Unflatten): 'dimensions' is invalid. It takes one to three dimensions of at least 1, not [1, 0, 4].")]
    [InlineData(
        "images",
        "shape",
        "[2000000000,2000000000]",
        "node 'images' (Unflatten) needs [n, 2000000000, 2000000000], more numbers per row than one tensor can hold")]
    public void Load_InvalidStructuredLayer_ThrowsBeforeAllocating(string name, string property, string value, string problem)
    {
        ModelFile.Save(folder["structured"], TinyClassifier.Structured());
        var raw = new RawModel(File.ReadAllBytes(folder["structured"]));
        raw.EditMetadata("architecture", architecture =>
            architecture["nodes"]!.AsArray().Single(node => node!["name"]!.GetValue<string>() == name)![property] = JsonNode.Parse(value));
        byte[] file = raw.ToBytes();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refuses(file, problem.TrimEnd('.'));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    [Fact]
    public void Load_NegativeVariance_Throws()
    {
        ModelFile.Save(folder["structured"], TinyClassifier.Structured());
        var raw = new RawModel(File.ReadAllBytes(folder["structured"]));
        BitConverter.TryWriteBytes(raw.Data.AsSpan(4 * 14), -0.001f); // norm1: weight, bias, running_mean and running_var of 4 each
        Refuses(raw.ToBytes(), "tensor 'norm1.running_var' contains a variance below 0");
    }

    [Fact]
    public void Load_LinearsTogetherLargerThanTheFile_Throws()
    {
        // Each Linear alone would fit.
        var raw = new RawModel(valid);
        raw.EditMetadata("architecture", architecture => architecture["nodes"]!.AsArray().Add(new JsonObject
        {
            ["name"] = "more",
            ["kind"] = "Linear",
            ["inputs"] = 4,
            ["outputs"] = 4,
            ["bias"] = true,
            ["from"] = new JsonArray("sum"),
        }));
        Refuses(raw.ToBytes(), "a Linear of 4 -> 4 needs more than the 0 values left in the file");
    }

    [Theory]
    [InlineData("[500000000,4]")]
    [InlineData("[2147483647,2000000000]")]
    public void Load_InputLargerThanMemory_ThrowsBeforeAllocating(string shape)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        RefusesNode(
            0,
            node => node["shape"] = JsonNode.Parse(shape),
            $"node 'x' has the shape {shape.Replace(",", ", ", StringComparison.Ordinal)}, but the number of rows of a model's input " +
            "must be open, -1");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    [Fact]
    public void Load_MissingFileOrFolder_Throws()
    {
        Assert.Equal(
            $"{folder["none"]}: there is no such model file.",
            Assert.Throws<ModelFileException>(() => ModelFile.Load(folder["none"])).Message);
        Directory.CreateDirectory(folder["run"]);
        Assert.Equal(
            $"{folder["run"]}: this is a folder; did you mean the model file {Path.Combine(folder["run"], "model.safetensors")}?",
            Assert.Throws<ModelFileException>(() => ModelFile.Load(folder["run"])).Message);
    }

    private MiniNet.Models.Classifier Load(byte[] file) => ModelFile.Load(folder.Write("damaged", file));

    private void RefusesNode(int index, Action<JsonNode> edit, string problem) =>
        Refuses(raw => raw.EditMetadata("architecture", architecture => edit(architecture["nodes"]![index]!)), problem);

    private void Refuses(Action<RawModel> edit, string problem)
    {
        var raw = new RawModel(valid);
        edit(raw);
        Refuses(raw.ToBytes(), problem);
    }

    private void Refuses(byte[] file, string problem)
    {
        string path = folder.Write("bad", file);
        var e = Assert.Throws<ModelFileException>(() => ModelFile.Load(path));
        Assert.Equal($"{path}: the model cannot be loaded: {problem}.", e.Message);
    }

    private static void AssertOneLine(Exception e)
    {
        Assert.DoesNotContain('\n', e.Message);
        Assert.DoesNotContain('\r', e.Message);
    }

    private static void Rename(JsonObject of, string name, string newName)
    {
        JsonNode value = of[name]!;
        of.Remove(name);
        of[newName] = value;
    }

    private static List<JsonNode> Places(JsonNode node) =>
    [
        node,
        .. node is JsonObject of ? of.SelectMany(entry => Places(entry.Value!))
            : node is JsonArray list ? list.SelectMany(entry => Places(entry!))
            : [],
    ];

    private static string ReplaceText(JsonNode root, JsonNode node, string value)
    {
        const string mark = "7b1e5d60-mark";
        if (node.Parent is null)
        {
            return value;
        }

        node.ReplaceWith(mark);
        return root.ToJsonString().Replace($"\"{mark}\"", value, StringComparison.Ordinal);
    }
}
