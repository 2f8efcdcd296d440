using System.Text.Json;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Erasure;

/// <summary>A small register in a file of the vault folder, written anew as a whole with each change. Thread-safe within a process.</summary>
/// <param name="path">Of the file.</param>
public abstract class VaultRegister<T>(string path)
    where T : class
{
    private const long Longest = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions s_layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        MaxDepth = 8,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new SiteIdText(), new CameraIdText() },
    };

    private readonly Lock _lock = new();

    internal static JsonSerializerOptions Layout => s_layout;

    /// <exception cref="VaultFileException">The file cannot be read, or is damaged.</exception>
    public IReadOnlyList<T> All
    {
        get
        {
            lock (_lock) return Read();
        }
    }

    /// <exception cref="VaultFileException">The file cannot be read or written, or is damaged; nothing has changed then.</exception>
    protected TResult Change<TResult>(Func<List<T>, TResult> change)
    {
        lock (_lock)
        {
            var entries = Read();
            var result = change(entries);
            PrivateFile.MakeFolder(Path.GetDirectoryName(path)!);
            PrivateFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(entries, s_layout));
            Shredding.Sync(Path.GetDirectoryName(path)!);
            return result;
        }
    }

    private List<T> Read()
    {
        if (PrivateFile.Read(path, Longest) is not { } content) return [];
        try
        {
            return JsonSerializer.Deserialize<List<T>>(content, s_layout) is { } entries && entries.All(e => e is not null) ? entries : throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new VaultFileException($"{path} is damaged ({e.Message}): put it back from a backup; until then nothing is erased", e);
        }
    }

    private sealed class SiteIdText : JsonConverter<SiteId>
    {
        public override SiteId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString() ?? throw new JsonException("a site has a name"));

        public override void Write(Utf8JsonWriter writer, SiteId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class CameraIdText : JsonConverter<CameraId>
    {
        public override CameraId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString() ?? throw new JsonException("a camera has a name"));

        public override void Write(Utf8JsonWriter writer, CameraId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
