using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using TrafficFlow.Core.Files;

namespace TrafficFlow.Node.Backup;

/// <summary>One file of a backup.</summary>
/// <param name="Path">Relative to the backup, with slashes; begins with the name of its <see cref="BackupPart"/>.</param>
/// <param name="Source">Where it was.</param>
/// <param name="Rows">Of each table, where it is a database.</param>
internal sealed record BackupFile(string Path, long Bytes, string Sha256, string Source, IReadOnlyDictionary<string, long>? Rows = null);

/// <summary>What is not in the backup, and what to do about it.</summary>
internal sealed record LeftOut(string What, string Remedy);

/// <summary>What manifest.json of a backup says. Without it, or with another checksum than manifest.json.sha256 tells, a folder is no backup.</summary>
/// <param name="Id">Of this backup, to tell that it was restored before.</param>
/// <param name="TakenAt">The instant at which all databases were as they are here.</param>
/// <param name="Data">The data folder.</param>
/// <param name="Config">The node's settings file; null where only the data folder was named.</param>
internal sealed record BackupManifest(
    int Format,
    string Version,
    string Commit,
    string Id,
    DateTimeOffset TakenAt,
    string Host,
    string Data,
    string? Config,
    IReadOnlyList<BackupFile> Files,
    IReadOnlyList<LeftOut> LeftOut,
    IReadOnlyList<string> Order)
{
    public const int CurrentFormat = 1;
    public const string Name = "manifest.json";
    public const string ChecksumName = Name + ".sha256";

    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Last of all: a folder without it is no backup.</summary>
    public void Write(string folder)
    {
        var text = JsonSerializer.SerializeToUtf8Bytes(this, s_json);
        FileDraft.Write(System.IO.Path.Combine(folder, ChecksumName), $"{Convert.ToHexStringLower(SHA256.HashData(text))}  {Name}\n");
        FileDraft.Write(System.IO.Path.Combine(folder, Name), text);
    }

    /// <exception cref="UsageException">It is no backup, not a whole one, or one of a newer version.</exception>
    public static BackupManifest Read(string folder)
    {
        var file = System.IO.Path.Combine(folder, Name);
        if (!Directory.Exists(folder)) throw new UsageException($"there is no folder {folder}: name the folder that trafficflow backup wrote");
        if (!File.Exists(file)) throw new UsageException($"{folder} is no backup: it has no {Name}, which is written last. Was the backup broken off, or a part of it copied?");
        byte[] text;
        string told;
        try
        {
            text = File.ReadAllBytes(file);
            told = File.ReadAllText(System.IO.Path.Combine(folder, ChecksumName)).Split(' ')[0].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{folder} is no whole backup ({e.Message}): copy all of it, with the rights to read it");
        }

        if (told != Convert.ToHexStringLower(SHA256.HashData(text))) throw new UsageException($"{file} was changed or damaged since it was written (its SHA-256 is not that of {ChecksumName}): take another copy of the backup");
        if (FormatOf(text) is not { } format) throw new UsageException($"{file} is no manifest of a backup: take another copy of the backup");
        if (format > CurrentFormat || (VersionOf(text) is { } version && ProductVersion.IsNewer(version)))
            throw new UsageException($"{folder} was written by trafficflow {VersionOf(text)}, and this is {ProductVersion.Version}: install that version or a newer one, then restore");
        try
        {
            return JsonSerializer.Deserialize<BackupManifest>(text, s_json)!;
        }
        catch (JsonException)
        {
            throw new UsageException($"{file} is no manifest of a backup: take another copy of the backup");
        }
    }

    /// <summary>Whole megabytes, for people.</summary>
    public static string Megabytes(long bytes) => (bytes / 1e6).ToString(bytes < 10_000_000 ? "0.0" : "0", CultureInfo.InvariantCulture) + " MB";

    private static int? FormatOf(byte[] text) => Property(text, "format") is { ValueKind: JsonValueKind.Number } format && format.TryGetInt32(out var number) ? number : null;

    private static string? VersionOf(byte[] text) => Property(text, "version") is { ValueKind: JsonValueKind.String } version ? version.GetString() : null;

    private static JsonElement? Property(byte[] text, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var found) ? found.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
