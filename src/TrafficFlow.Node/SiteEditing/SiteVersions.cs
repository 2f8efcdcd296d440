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
/// A version is written before the site file is, and confirmed behind it: where the node was killed between the two, the file itself tells at the next start whether it came into force.
/// </summary>
internal sealed class SiteVersions(string dataDirectory)
{
    public const string Folder = "site-versions";

    private const int Most = 500;

    private const int MostLookedBack = 20;

    public static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    /// <summary>The newest first. One that cannot be read is left out.</summary>
    public IReadOnlyList<SiteVersion> Of(SiteId site)
    {
        try
        {
            var folder = FolderOf(site);
            if (!Directory.Exists(folder)) return [];
            return [.. Directory.EnumerateFiles(folder, "*.json").Select(Read).OfType<SiteVersion>().OrderByDescending(v => v.Number)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The newest that was in force.</summary>
    public SiteVersion? InForce(SiteId site) => Of(site).FirstOrDefault(v => v.WasInForce);

    /// <summary>The newest version of a hash that was in force.</summary>
    public SiteVersion? Find(SiteId site, string version) => Of(site).FirstOrDefault(v => v.WasInForce && v.Version == version);

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

    /// <summary>The version that a gate of a camera, or an approach where that is null, came with; null where a page did not add it, or long ago.</summary>
    public SiteVersion? AddedIn(SiteId site, string? camera, string name)
    {
        SiteVersion? first = null;
        foreach (var version in Of(site).Where(v => v.WasInForce).Take(MostLookedBack))
        {
            if (Text(site, version.Number) is not { } bytes || SiteDraftReader.Parse(Encoding.UTF8.GetString(bytes)) is not { } draft) return null;
            var isThere = camera is null ? draft.Approaches.Any(a => a.Id == name) : draft.Find(camera)?.Gates.Any(g => g.Id == name) ?? false;
            if (!isThere) return first is { By.Length: > 0 } ? first : null;
            first = version;
        }

        return null;
    }

    /// <summary>Keeps what a file is now, where the newest version is another one: nobody here made it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void KeepFound(SiteId site, byte[] bytes, string siteHash, DateTimeOffset changedAt)
    {
        var last = InForce(site);
        if (last?.Version == HashOf(bytes)) return;
        Confirm(site, Keep(site, bytes, siteHash, changedAt, "", last is null ? VersionKind.Found : VersionKind.ByHand, ""));
    }

    /// <summary>Keeps what is to come into force.</summary>
    /// <inheritdoc cref="KeepFound"/>
    public SiteVersion Keep(SiteId site, byte[] bytes, string siteHash, DateTimeOffset at, string by, VersionKind kind, string reason)
    {
        Directory.CreateDirectory(FolderOf(site));
        var all = Of(site);
        var version = new SiteVersion((all.Count > 0 ? all[0].Number : 0) + 1, HashOf(bytes), siteHash, at, by, kind, reason, WasInForce: false);
        FileDraft.Write(FileOf(site, version.Number, "conf"), bytes);
        FileDraft.Write(FileOf(site, version.Number, "json"), JsonSerializer.SerializeToUtf8Bytes(version));
        foreach (var old in all.Skip(Most - 1)) Drop(site, old.Number);
        return version;
    }

    /// <summary>It has come into force.</summary>
    /// <inheritdoc cref="KeepFound"/>
    public SiteVersion Confirm(SiteId site, SiteVersion version)
    {
        var confirmed = version with { WasInForce = true };
        FileDraft.Write(FileOf(site, version.Number, "json"), JsonSerializer.SerializeToUtf8Bytes(confirmed));
        return confirmed;
    }

    /// <summary>The newest version, where nobody came to confirm it and the file says that it is in force.</summary>
    /// <param name="bytes">What the file holds.</param>
    /// <inheritdoc cref="KeepFound"/>
    public void Settle(SiteId site, byte[] bytes)
    {
        if (Of(site).FirstOrDefault() is { WasInForce: false } last && last.Version == HashOf(bytes)) Confirm(site, last);
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
