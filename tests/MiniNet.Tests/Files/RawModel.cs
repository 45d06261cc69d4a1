using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace MiniNet.Tests.Files;

/// <summary>
/// A safetensors file parsed by the format specification only, without MiniNet's reader, for inspection and for damaging it.
/// </summary>
internal sealed class RawModel
{
    public RawModel(byte[] file)
    {
        HeaderLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        HeaderText = Encoding.UTF8.GetString(file, 8, HeaderLength);
        Header = JsonNode.Parse(HeaderText)!.AsObject();
        Data = file[(8 + HeaderLength)..];
    }

    public int HeaderLength { get; }

    public string HeaderText { get; }

    public JsonObject Header { get; }

    public byte[] Data { get; set; }

    public JsonObject Metadata => Header["__metadata__"]!.AsObject();

    public IEnumerable<string> Tensors => Header.Select(entry => entry.Key).Where(key => key != "__metadata__");

    public int[] Shape(string tensor) => Integers(tensor, "shape");

    public float[] Values(string tensor)
    {
        int[] offsets = Integers(tensor, "data_offsets");
        return
        [
            .. Enumerable.Range(0, (offsets[1] - offsets[0]) / 4).Select(
                i => BinaryPrimitives.ReadSingleLittleEndian(Data.AsSpan(offsets[0] + (4 * i)))),
        ];
    }

    /// <summary>Edits a JSON string of the metadata.</summary>
    public void EditMetadata(string key, Action<JsonNode> edit)
    {
        JsonNode node = JsonNode.Parse(Metadata[key]!.GetValue<string>())!;
        edit(node);
        Metadata[key] = node.ToJsonString();
    }

    public byte[] ToBytes() => ToBytes(Header.ToJsonString(), Data);

    public static byte[] ToBytes(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)json.Length);
        return [.. length, .. json, .. data];
    }

    private int[] Integers(string tensor, string key) => [.. Header[tensor]![key]!.AsArray().Select(number => number!.GetValue<int>())];
}
