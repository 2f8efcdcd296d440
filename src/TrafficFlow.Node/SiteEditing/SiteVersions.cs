using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Editor;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>
/// What a site's file was: each version whole, with who made it, when and why, in site-versions/SITE of the data folder, which a backup takes along. The newest 500 are kept.
/// </summary>
internal sealed class SiteVersions(string dataDirectory)
{
    public const string Folder = "site-versions";

    private const int Most = 500;

    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    /// <summary>The newest first. One that cannot be read is left out.</summary>
    public IReadOnlyList<SiteVersion> Of(SiteId site)
    {
        var folder = FolderOf(site);
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateFiles(folder, "*.json").Select(Read).OfType<SiteVersion>().OrderByDescending(v => v.Number)];
    }

    /// <returns>Null where it is not kept.</returns>
    public byte[]? Text(SiteId site, int number)
    {
        try
        {
            return File.ReadAllBytes(FileOf(site, number, "conf"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps what a file is now, where the newest version is another one: nobody here made it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void KeepFound(SiteId site, byte[] bytes, string siteHash, DateTimeOffset changedAt)
    {
        var last = Of(site).FirstOrDefault();
        if (last?.Version == HashOf(bytes)) return;
        Keep(site, bytes, siteHash, changedAt, "", last is null ? VersionKind.Found : VersionKind.ByHand, "");
    }

    /// <inheritdoc cref="KeepFound"/>
    public SiteVersion Keep(SiteId site, byte[] bytes, string siteHash, DateTimeOffset at, string by, VersionKind kind, string reason)
    {
        Directory.CreateDirectory(FolderOf(site));
        var all = Of(site);
        var version = new SiteVersion((all.Count > 0 ? all[0].Number : 0) + 1, HashOf(bytes), siteHash, at, by, kind, reason);
        FileDraft.Write(FileOf(site, version.Number, "conf"), bytes);
        FileDraft.Write(FileOf(site, version.Number, "json"), JsonSerializer.SerializeToUtf8Bytes(version));
        foreach (var old in all.Skip(Most - 1)) Drop(site, old.Number);
        return version;
    }

    /// <summary>A version that did not come into force after all.</summary>
    public void Drop(SiteId site, int number)
    {
        File.Delete(FileOf(site, number, "json"));
        File.Delete(FileOf(site, number, "conf"));
    }

    private static SiteVersion? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<SiteVersion>(File.ReadAllText(file, Encoding.UTF8));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private string FolderOf(SiteId site) => Path.Combine(dataDirectory, Folder, site.Value);

    private string FileOf(SiteId site, int number, string extension) => Path.Combine(FolderOf(site), string.Create(CultureInfo.InvariantCulture, $"{number:000000}.{extension}"));
}
