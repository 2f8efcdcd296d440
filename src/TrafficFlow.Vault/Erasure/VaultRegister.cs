using System.Text.Json;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Erasure;

/// <summary>
/// A small register in a file of the vault folder, written anew as a whole with each change, and checked with the vault's master (<see cref="SealedFiles"/>): one that was changed, dropped or put back in an older form decides nothing.
/// Thread-safe within a process.
/// </summary>
/// <param name="keys">Of the vault.</param>
/// <param name="name">Of the file.</param>
public abstract class VaultRegister<T>(VaultKeys keys, string name)
    where T : class
{
    internal const long Longest = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions s_layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        MaxDepth = 8,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false), new SiteIdText(), new CameraIdText() },
    };

    internal static JsonSerializerOptions Layout => s_layout;

    /// <summary>All, for those who look; while the vault is locked they are as they lie there, and not checked.</summary>
    /// <exception cref="VaultFileException">The file cannot be read, or is not as the vault wrote it.</exception>
    public IReadOnlyList<T> All => Parsed(keys.Registers.Look(name, Longest));

    /// <summary>All, for those who decide by them.</summary>
    /// <exception cref="VaultKeyException">The vault is not open: they cannot be checked.</exception>
    /// <exception cref="VaultFileException">The file cannot be read, or is not as the vault wrote it.</exception>
    internal IReadOnlyList<T> Checked => Parsed(keys.Registers.Read(name, Longest));

    /// <exception cref="VaultKeyException">The vault is not open.</exception>
    /// <exception cref="VaultFileException">The file cannot be read or written, or is not as the vault wrote it; nothing has changed then.</exception>
    protected TResult Change<TResult>(Func<List<T>, TResult> change)
    {
        lock (keys.Registers.Gate)
        {
            var entries = Parsed(keys.Registers.Read(name, Longest));
            var result = change(entries);
            keys.Registers.Write(name, JsonSerializer.SerializeToUtf8Bytes(entries, s_layout));
            return result;
        }
    }

    /// <exception cref="FormatException">It is no such register.</exception>
    internal static List<T> Parse(byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize<List<T>>(content, s_layout) is { } entries && entries.All(e => e is not null) ? entries : throw new FormatException("it is null");
        }
        catch (JsonException e)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private List<T> Parsed(byte[]? content)
    {
        try
        {
            return content is null ? [] : Parse(content);
        }
        catch (FormatException e)
        {
            throw new VaultFileException($"{keys.Registers.PathOf(name)} is damaged ({e.Message}): put it back as it was; until then nothing is erased", e);
        }
    }

    private sealed class SiteIdText : JsonConverter<SiteId>
    {
        public override SiteId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString() is { } text && NameRule.IsKnown(text) ? text : throw new JsonException("that is no name of a site"));

        public override void Write(Utf8JsonWriter writer, SiteId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }

    private sealed class CameraIdText : JsonConverter<CameraId>
    {
        public override CameraId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetString() is { } text && NameRule.IsKnown(text) ? text : throw new JsonException("that is no name of a camera"));

        public override void Write(Utf8JsonWriter writer, CameraId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
