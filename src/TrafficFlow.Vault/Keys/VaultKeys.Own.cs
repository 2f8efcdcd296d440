using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Keys;

/// <summary>Keys of the vault as a whole, each in a file of its own and wrapped by the master: to which others seal bundles, of bundles, of what was erased.</summary>
public sealed partial class VaultKeys
{
    /// <summary>Folder of what is on its way to others; the keys of bundles lie there.</summary>
    internal const string ExportsFolder = "exports";

    /// <summary>Folder of what tells which segments were erased here.</summary>
    internal const string ErasedFolder = "erased";

    private const string ImportFile = "import.key";
    private const string ImportName = "import";
    private const string Retired = "import-";
    private const string KeyEnding = ".key";

    /// <summary>For so long bundles that are on their way, sealed to a key before the one of now, can still be opened: four journeys of two weeks.</summary>
    internal static readonly TimeSpan RetiredFor = TimeSpan.FromDays(60);

    /// <summary>The private key (X25519) to which others seal bundles that are carried here; made when it is first asked for. The caller disposes of it.</summary>
    /// <exception cref="VaultKeyException">The vault is not open, or the key cannot be opened.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    internal LockedBytes ImportKey()
    {
        lock (_lock)
        {
            var (master, _) = Opened();
            var path = Path.Combine(Folder, ImportFile);
            if (OwnKey(path, ImportName) is { } there) return there;
            var key = SealedBox.CreatePrivateKey();
            KeyFile.Of(ImportName, key, master, _time.GetUtcNow()).Write(path);
            return key;
        }
    }

    /// <summary>Opens what was sealed to the import key of now, or to one before it that is still kept.</summary>
    /// <returns>Null where it was sealed to none of them. IsOfNow: to the one of now.</returns>
    /// <exception cref="VaultKeyException">The vault is not open, or a key cannot be opened.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    internal (LockedBytes Message, bool IsOfNow)? OpenCarried(string info, byte[] sealedMessage)
    {
        lock (_lock)
        {
            DropRetired();
            using (var now = ImportKey())
            {
                if (SealedBox.Open(now, info, sealedMessage) is { } message) return (message, true);
            }

            foreach (var path in RetiredKeys())
            {
                using var before = OwnKey(path, NameOfRetired(path));
                if (before is not null && SealedBox.Open(before, info, sealedMessage) is { } message) return (message, false);
            }

            return null;
        }
    }

    /// <summary>A new import key. The one of now is kept for <see cref="RetiredFor"/>, and then destroyed: with it, a disk that was carried opens no more, whoever kept it.</summary>
    /// <exception cref="VaultKeyException">The vault is not open, or the key cannot be opened.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    internal void RenewImportKey()
    {
        lock (_lock)
        {
            var (master, _) = Opened();
            using var old = ImportKey();
            var path = Path.Combine(Folder, $"{Retired}{KeyWrap.IdOf(old)}{KeyEnding}");
            KeyFile.Of(NameOfRetired(path), old, master, _time.GetUtcNow()).Write(path);
            using var key = SealedBox.CreatePrivateKey();
            KeyFile.Of(ImportName, key, master, _time.GetUtcNow()).Write(Path.Combine(Folder, ImportFile));
        }
    }

    /// <summary>A key that is kept in a file of its own under the master, such as that of a bundle. The caller disposes of it.</summary>
    /// <param name="path">In the vault's folder or that of exports, ending in .key.</param>
    /// <returns>Null where there is none, and none is to be made.</returns>
    /// <exception cref="VaultKeyException">The vault is not open, or the key cannot be opened.</exception>
    /// <exception cref="VaultFileException">A file cannot be read or written.</exception>
    internal LockedBytes? KeyOfFile(string path, string name, bool make)
    {
        lock (_lock)
        {
            var (master, _) = Opened();
            if (OwnKey(path, name) is { } there) return there;
            if (!make) return null;
            var key = LockedBytes.Random(KeyWrap.KeyBytes);
            KeyFile.Of(name, key, master, _time.GetUtcNow()).Write(path);
            return key;
        }
    }

    /// <summary>Keeps a key that was made elsewhere, as <see cref="KeyOfFile"/> does with those that it makes.</summary>
    /// <inheritdoc cref="KeyOfFile"/>
    internal void KeepInFile(string path, string name, LockedBytes key)
    {
        lock (_lock)
        {
            var (master, _) = Opened();
            KeyFile.Of(name, key, master, _time.GetUtcNow()).Write(path);
        }
    }

    /// <summary>Those of the vault as a whole; a rotation of the master wraps them anew.</summary>
    private IEnumerable<string> OwnKeys() =>
        new[] { Folder, Path.Combine(Folder, ExportsFolder) }.Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*" + KeyEnding)).Where(f => !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal).ToList();

    private IEnumerable<string> RetiredKeys() => OwnKeys().Where(f => Path.GetFileName(f).StartsWith(Retired, StringComparison.Ordinal));

    private static string NameOfRetired(string path) => $"import:{Path.GetFileNameWithoutExtension(path)[Retired.Length..]}";

    private LockedBytes? OwnKey(string path, string name)
    {
        var (master, _) = Opened();
        return KeyFile.Read(path, name) is not { } file ? null
            : file.Open(master) ?? throw new VaultKeyException($"{path} was wrapped by master {file.Parent}, and the vault's is {KeyWrap.IdOf(master)}: put back both from one copy");
    }

    private void DropRetired()
    {
        foreach (var path in RetiredKeys().ToList())
        {
            if (KeyFile.Parse(PrivateFile.Read(path, KeyFile.Longest) ?? []) is { } file && _time.GetUtcNow() - file.Made > RetiredFor && _passed() - file.Made > RetiredFor) Shredding.Delete(path);
        }
    }

    /// <summary>Registers, and keys that no master of now opens.</summary>
    private List<string> RegistersOfBefore() =>
        [.. OwnKeys().Concat(new[] { "", "erasures", ExportsFolder }.Select(f => Path.Combine(Folder, f)).Where(Directory.Exists).SelectMany(f => Directory.EnumerateFiles(f, "*.json"))), .. Registers.FilesIn(ErasedFolder, ".list").Select(Registers.PathOf)];
}
