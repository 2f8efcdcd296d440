using System.Text.Json;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Keys;

/// <summary>The file of a key that another one wraps. Bytes are base 64.</summary>
/// <param name="Name">Of the key, under which it is wrapped: in another place it does not unwrap.</param>
/// <param name="Parent">Id of the key that wraps it.</param>
/// <param name="Previous">The key before it, wrapped by this one: a rotation is under way. Null otherwise.</param>
internal sealed record KeyFile(string Format, string Name, string Id, string Parent, DateTimeOffset Made, byte[] Wrapped, byte[]? Previous)
{
    public const string FormatOfNow = "trafficflow-key-1";
    public const int LongestName = 200;

    public const long Longest = 4096;

    /// <summary>Under which name the key before it is wrapped.</summary>
    public static string NameOfPrevious(string name) => $"previous-{name}";

    public static bool IsId(string? text) => text is { Length: 16 } && text.All(char.IsAsciiHexDigitLower);

    /// <returns>Null where there is none.</returns>
    /// <exception cref="VaultFileException">It cannot be read, is damaged, or is the file of another key.</exception>
    public static KeyFile? Read(string path, string name)
    {
        if (PrivateFile.Read(path, Longest) is not { } content) return null;
        if (Parse(content) is not { } file) throw new VaultFileException($"{path} is damaged: what this key opens cannot be opened without it; put it back from a backup");
        if (file.Name != name) throw new VaultFileException($"{path} is the file of key {file.Name}: somebody has moved it; put {name} back in its place");
        return file;
    }

    /// <returns>Null where it is none.</returns>
    public static KeyFile? Parse(ReadOnlySpan<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize<KeyFile>(content, MasterFile.Layout) is { Format: FormatOfNow, Name.Length: > 0 and <= LongestName, Wrapped.Length: KeyWrap.WrappedBytes } file
                && IsId(file.Id) && IsId(file.Parent) && file.Previous is null or { Length: KeyWrap.WrappedBytes } ? file : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static KeyFile Of(string name, LockedBytes key, LockedBytes parent, DateTimeOffset made, LockedBytes? previous = null) => new(
        FormatOfNow, name, KeyWrap.IdOf(key), KeyWrap.IdOf(parent), made, KeyWrap.Wrap(parent, name, key), previous is null ? null : KeyWrap.Wrap(key, NameOfPrevious(name), previous));

    /// <returns>Null where this is not the key that wraps it.</returns>
    public LockedBytes? Open(LockedBytes parent)
    {
        var key = KeyWrap.Unwrap(parent, Name, Wrapped);
        if (key is null || KeyWrap.IdOf(key) == Id) return key;
        key.Dispose();
        return null;
    }

    /// <exception cref="VaultFileException">It cannot be written; the old one stays.</exception>
    public void Write(string path) => Shredding.Replace(path, JsonSerializer.SerializeToUtf8Bytes(this, MasterFile.Layout));
}
