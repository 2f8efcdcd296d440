using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Requests;

/// <summary>Who asked, and where the answer goes. Any of it may be empty.</summary>
public sealed record RequesterContact(string Name, string Address, string Mail, string Phone)
{
    public const int Longest = 300;

    public bool IsEmpty => Name.Length == 0 && Address.Length == 0 && Mail.Length == 0 && Phone.Length == 0;

    /// <exception cref="RegisterException">A part is too long, or holds what cannot be shown.</exception>
    public RequesterContact Checked() => new(
        EntryText.Lines(Name, "the name", Longest), EntryText.Lines(Address, "the address", Longest), EntryText.Lines(Mail, "the mail address", Longest), EntryText.Lines(Phone, "the phone number", Longest));
}

/// <summary>
/// Names and addresses of requesters: apart from the register, which is kept for years, and each encrypted (AES-256-GCM, bound to the request) with a key in a file of its own, which no backup
/// takes. What is deleted here can so be read in no copy either, once the key has gone with the node. Not thread-safe: the register's lock is held.
/// </summary>
internal sealed class ContactFile(string dataFolder)
{
    public const string FileName = "contacts.json";

    /// <summary>Its ending keeps it out of backups.</summary>
    public const string KeyFileName = "contacts.key";

    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const long LongestFile = 32L * 1024 * 1024;

    private readonly string _file = Path.Combine(dataFolder, SignedRegister<RequestRegister, RequestEvent>.Folder, FileName);
    private readonly string _keyFile = Path.Combine(dataFolder, SignedRegister<RequestRegister, RequestEvent>.Folder, KeyFileName);

    /// <returns>Null where none is kept.</returns>
    /// <exception cref="VaultFileException">The file or its key cannot be used.</exception>
    public RequesterContact? Read(string request)
    {
        if (Load().GetValueOrDefault(request) is not { } kept) return null;
        if (PrivateFile.Read(_keyFile, KeyBytes) is not { Length: KeyBytes } key) throw Unreadable("its key is not there");
        try
        {
            var packed = Convert.FromBase64String(kept);
            var plain = new byte[packed.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(packed.AsSpan(0, NonceBytes), packed.AsSpan(NonceBytes, plain.Length), packed.AsSpan(packed.Length - TagBytes), plain, Encoding.UTF8.GetBytes(request));
            return JsonSerializer.Deserialize<RequesterContact>(plain, RegisterLine.Layout);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException or OverflowException)
        {
            throw Unreadable(e.Message);
        }
    }

    /// <exception cref="VaultFileException">The file cannot be written.</exception>
    public void Write(string request, RequesterContact contact)
    {
        var key = PrivateFile.Read(_keyFile, KeyBytes);
        if (key is null) PrivateFile.Replace(_keyFile, key = RandomNumberGenerator.GetBytes(KeyBytes));
        if (key.Length != KeyBytes) throw Unreadable("its key is damaged");
        var plain = JsonSerializer.SerializeToUtf8Bytes(contact, RegisterLine.Layout);
        var packed = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(packed.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(packed.AsSpan(0, NonceBytes), plain, packed.AsSpan(NonceBytes, plain.Length), packed.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(request));
        Save(Load().SetItem(request, Convert.ToBase64String(packed)));
    }

    /// <returns>Whether one was kept.</returns>
    /// <exception cref="VaultFileException">The file cannot be written.</exception>
    public bool Delete(string request)
    {
        var all = Load();
        if (!all.ContainsKey(request)) return false;
        Save(all.Remove(request));
        return true;
    }

    private ImmutableSortedDictionary<string, string> Load()
    {
        if (PrivateFile.Read(_file, LongestFile) is not { } content) return ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(content, RegisterLine.Layout)!.ToImmutableSortedDictionary(StringComparer.Ordinal);
        }
        catch (JsonException e)
        {
            throw Unreadable(e.Message);
        }
    }

    private void Save(ImmutableSortedDictionary<string, string> all) => PrivateFile.Replace(_file, JsonSerializer.SerializeToUtf8Bytes(all, RegisterLine.Layout));

    private VaultFileException Unreadable(string why) => new($"{_file}, the contact data of requesters, cannot be read ({why}): put back it and {KeyFileName} as they were; the register of requests is whole without them");
}
