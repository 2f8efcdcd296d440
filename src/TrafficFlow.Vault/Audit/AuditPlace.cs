using System.Globalization;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Audit;

/// <summary>The files of an audit in a folder: what they are called, and which there are.</summary>
public sealed class AuditPlace(string folder)
{
    public const string LogName = "audit.log";
    public const string HeadName = "audit.head";
    public const string PendingName = "audit.pending";
    public const string CheckpointsName = "audit.checkpoints";
    public const string PublicKeyName = "audit.pub";

    /// <summary>Its name's ending keeps it out of backups.</summary>
    public const string KeyName = "audit.key";

    private const int FiguresOfName = 12;
    private const long LongestFile = 512L * 1024 * 1024;

    public string Folder { get; } = folder;

    public string Log => In(LogName);

    public string Head => In(HeadName);

    public string Pending => In(PendingName);

    public string Checkpoints => In(CheckpointsName);

    public string PublicKey => In(PublicKeyName);

    public string Key => In(KeyName);

    internal string Lock => In("audit.lock");

    /// <summary>Whether there is an audit at all.</summary>
    public bool Exists => File.Exists(Log) || File.Exists(Head) || Rotated().Count > 0;

    /// <summary>Keeps every process from changing the files until it is disposed of.</summary>
    /// <exception cref="VaultFileException">Another one holds them for long, or this account may not.</exception>
    public async Task<IDisposable> HoldAsync() => await FileLock.TakeAsync(Lock).ConfigureAwait(false);

    /// <summary>Whether a file of the data folder belongs to the audit, the private key apart.</summary>
    public static bool Owns(string name) => name is LogName or HeadName or PendingName or CheckpointsName or PublicKeyName || FirstOf(name) is not null;

    /// <summary>Of what other nodes copy to one folder, those of the key.</summary>
    internal static string CopyName(string name, string key) => $"audit-{key}{Path.GetExtension(name)}";

    /// <summary>What a rotated file is called.</summary>
    /// <param name="first">Number of its first record.</param>
    internal string RotatedName(long first) => In($"audit-{first.ToString(CultureInfo.InvariantCulture).PadLeft(FiguresOfName, '0')}.log");

    /// <summary>The rotated files, the oldest first.</summary>
    public IReadOnlyList<string> Rotated() => Directory.Exists(Folder)
        ? [.. Directory.EnumerateFiles(Folder, "audit-*.log").Where(f => FirstOf(Path.GetFileName(f)) is not null).OrderBy(f => FirstOf(Path.GetFileName(f)))]
        : [];

    /// <summary>All files of records, the oldest first, to be read one by one.</summary>
    /// <exception cref="VaultFileException">At reading.</exception>
    public IEnumerable<AuditPart> Logs() => Rotated().Append(Log).Select(PartOf);

    /// <summary>Heads and checkpoints here and in the folders of copies.</summary>
    /// <param name="keys">Whose copies are looked for.</param>
    public IEnumerable<AuditPart> Statements(AuditPublicKeys keys, IEnumerable<string> copies)
    {
        foreach (var file in new[] { Checkpoints, Head, Pending }) yield return PartOf(file);
        foreach (var copy in copies)
        {
            foreach (var key in keys.Ids)
            {
                foreach (var name in new[] { CheckpointsName, HeadName }) yield return PartOf(Path.Combine(copy, CopyName(name, key)), name => Path.Combine(copy, name));
            }
        }
    }

    /// <summary>Those that this folder names. Whoever can write to it can add to them: compare their ids, or give a copy of the file.</summary>
    /// <exception cref="VaultFileException">The file cannot be read, or holds something else.</exception>
    public AuditPublicKeys PublicKeys(string? file = null)
    {
        var path = file ?? PublicKey;
        try
        {
            return File.Exists(path) ? AuditPublicKeys.Parse(File.ReadAllText(path)) : new AuditPublicKeys();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new VaultFileException($"{path} cannot be used ({e.Message}): put back the file as it was", e);
        }
    }

    /// <returns>Null where it is no name of a rotated file.</returns>
    private static long? FirstOf(string name) =>
        name.Length == "audit-.log".Length + FiguresOfName && name.StartsWith("audit-", StringComparison.Ordinal) && name.EndsWith(".log", StringComparison.Ordinal)
        && long.TryParse(name.AsSpan("audit-".Length, FiguresOfName), NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : null;

    private string In(string name) => Path.Combine(Folder, name);

    private static AuditPart PartOf(string path) => PartOf(path, name => name);

    private static AuditPart PartOf(string path, Func<string, string> named) => new(named(Path.GetFileName(path)), () => ReadAll(path));

    /// <summary>While another process may append to it.</summary>
    internal static byte[] ReadAll(string path)
    {
        try
        {
            if (!File.Exists(path)) return [];
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > LongestFile) throw new VaultFileException($"{path} is larger than any file of an audit: what is it?");
            var content = new byte[stream.Length];
            var count = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return count == content.Length ? content : content[..count];
        }
        catch (FileNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultFileException($"{path} cannot be read ({e.Message}): it belongs to the account of the node, which alone may read it", e);
        }
    }
}
