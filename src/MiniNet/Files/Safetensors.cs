using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniNet.Files;

/// <summary>Represents a tensor of a file: its dimensions, and its elements in row-major order.</summary>
internal sealed record StoredTensor(long[] Shape, float[] Data);

/// <summary>
/// Reads and writes the safetensors format, for float32 only. A file has the length of the header (8 bytes, little-endian), the header
/// (JSON: name, dtype, shape and byte offsets of each tensor, and strings under <c>__metadata__</c>), and the data. Reading validates
/// everything.
/// </summary>
internal static class Safetensors
{
    private const long MaxHeaderBytes = 100_000_000;
    private const string MetadataKey = "__metadata__";

    public static void Write(
        Stream stream, IEnumerable<(string Name, StoredTensor Tensor)> tensors, IEnumerable<(string Key, string Text)> metadata)
    {
        (string Name, StoredTensor Tensor)[] all = [.. tensors];
        var header = new JsonObject
        {
            [MetadataKey] = new JsonObject(metadata.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Text))),
        };
        long offset = 0;
        foreach ((string name, StoredTensor tensor) in all)
        {
            long end = offset + ((long)tensor.Data.Length * sizeof(float));
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. tensor.Shape.Select(dimension => (JsonNode)dimension)]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        int padding = (8 - (json.Length % 8)) % 8; // spaces, so that the data is aligned
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length + padding);
        stream.Write(length);
        stream.Write(json);
        stream.Write("       "u8[..padding]);
        foreach ((_, StoredTensor tensor) in all)
        {
            stream.Write(LittleEndianBytes(tensor.Data));
        }
    }

    /// <exception cref="ModelFileException">The file does not follow the format.</exception>
    public static (Dictionary<string, StoredTensor> Tensors, Dictionary<string, string> Metadata) Read(string path)
    {
        byte[] file = ReadFile(path);
        if (file.Length < 8)
        {
            throw InvalidFile(path, $"it is truncated: {file.Length} bytes, fewer than the 8 that every model file begins with");
        }

        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file);
        if (headerLength > MaxHeaderBytes)
        {
            throw InvalidFile(
                path,
                $"its header claims to be {headerLength} bytes long, more than the {MaxHeaderBytes} allowed; "
                + "it is probably not a model file");
        }

        if (headerLength > (ulong)file.Length - 8)
        {
            throw InvalidFile(
                path,
                $"its header claims to be {headerLength} bytes long, but the file ends after {file.Length - 8}; " +
                "it is truncated or not a model file");
        }

        ReadOnlyMemory<byte> data = file.AsMemory(8 + (int)headerLength);
        try
        {
            using JsonDocument header = JsonDocument.Parse(
                file.AsMemory(8, (int)headerLength), new JsonDocumentOptions { AllowDuplicateProperties = false });
            return (ReadTensors(path, header.RootElement, data), ReadMetadata(header.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw InvalidFile(path, $"its header does not follow the format: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    internal static ModelFileException InvalidFile(string path, string problem, Exception? inner = null) =>
        new($"{path}: the model cannot be loaded: {problem}.", inner);

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            throw new ModelFileException($"{path}: there is no such model file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(Directory.Exists(path)
                ? $"{path}: this is a folder; did you mean the model file {Path.Combine(path, "model.safetensors")}?"
                : $"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> ReadMetadata(JsonElement header)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (header.TryGetProperty(MetadataKey, out JsonElement entries))
        {
            foreach (JsonProperty entry in entries.EnumerateObject())
            {
                metadata.Add(entry.Name, entry.Value.GetString() ?? "");
            }
        }

        return metadata;
    }

    private static Dictionary<string, StoredTensor> ReadTensors(string path, JsonElement header, ReadOnlyMemory<byte> data)
    {
        var tensors = new List<(string Name, long[] Shape, int Begin, int End)>();
        foreach (JsonProperty entry in header.EnumerateObject().Where(entry => entry.Name != MetadataKey))
        {
            string name = entry.Name, dtype = entry.Value.GetProperty("dtype").GetString() ?? "";
            if (dtype != "F32")
            {
                throw InvalidFile(path, $"tensor '{name}' is of dtype '{dtype}'; only F32 is supported");
            }

            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
            long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > data.Length)
            {
                throw InvalidFile(
                    path,
                    $"tensor '{name}' is at bytes [{string.Join(", ", offsets)}] of {data.Length}, outside the file; " +
                    "the file is truncated or damaged");
            }

            if (Bytes(shape) is not { } bytes || bytes != offsets[1] - offsets[0])
            {
                throw InvalidFile(
                    path,
                    $"tensor '{name}' has shape [{string.Join(", ", shape)}], which does not match its {offsets[1] - offsets[0]} bytes");
            }

            tensors.Add((name, shape, (int)offsets[0], (int)offsets[1]));
        }

        CheckCoverage(path, tensors.Select(tensor => (tensor.Begin, tensor.End, tensor.Name)), data.Length);
        return tensors.ToDictionary(
            tensor => tensor.Name,
            tensor => new StoredTensor(tensor.Shape, Floats(data.Span[tensor.Begin..tensor.End])),
            StringComparer.Ordinal);
    }

    // The format requires that the tensors cover the data without gaps or overlaps, so that nothing else can be hidden in a file. This is
    // checked before a tensor is copied, because overlapping tensors could claim any amount of memory.
    private static void CheckCoverage(string path, IEnumerable<(int Begin, int End, string Name)> ranges, int length)
    {
        int covered = 0;
        foreach ((int begin, int end, string name) in ranges.Order())
        {
            if (begin != covered)
            {
                throw InvalidFile(
                    path, $"tensor '{name}' begins at byte {begin}, where {covered} is expected: tensors overlap or leave a gap");
            }

            covered = end;
        }

        if (covered != length)
        {
            throw InvalidFile(path, $"{length - covered} bytes after the last tensor belong to no tensor");
        }
    }

    private static long? Bytes(long[] shape)
    {
        UInt128 bytes = sizeof(float);
        foreach (long dimension in shape)
        {
            if (dimension is < 0 or > int.MaxValue || bytes > long.MaxValue)
            {
                return null;
            }

            bytes *= (ulong)dimension;
        }

        return bytes > long.MaxValue ? null : (long)bytes;
    }

    private static byte[] LittleEndianBytes(float[] data)
    {
        byte[] bytes = MemoryMarshal.AsBytes<float>(data).ToArray();
        for (int i = 0; !BitConverter.IsLittleEndian && i < bytes.Length; i += sizeof(float))
        {
            Array.Reverse(bytes, i, sizeof(float));
        }

        return bytes;
    }

    private static float[] Floats(ReadOnlySpan<byte> bytes)
    {
        var data = new float[bytes.Length / sizeof(float)];
        for (int i = 0; i < data.Length; i++)
        {
            data[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return data;
    }
}
