using System.Globalization;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Notices;

/// <summary>One version of a site's notices as it was published. A file of it that was changed afterwards is found by its hash.</summary>
/// <param name="By">Who published it.</param>
/// <param name="Parts">What it tells, by <see cref="NoticeParts"/>.</param>
/// <param name="Files">SHA-256 in hex by name.</param>
public sealed record PublishedNotice(
    int Version, DateTimeOffset PublishedAt, string Site, string SiteName, string By, IReadOnlyList<NoticePerson> Persons, IReadOnlyDictionary<string, string> Parts, IReadOnlyDictionary<string, string> Files);

/// <summary>
/// The published versions: FOLDER/SITE/vN, each with its files and version.json, whole or not there. None is ever changed, and none is deleted by the program: what was published must be
/// known later.
/// </summary>
/// <param name="folder">For the node's account alone.</param>
public sealed class NoticeShelf(string folder)
{
    private const string Index = "version.json";
    private const int LongestIndex = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    public static string FolderIn(string dataDirectory) => Path.Combine(dataDirectory, "notices");

    /// <summary>The newest first.</summary>
    /// <exception cref="IOException">A version cannot be read, or its version.json is none; the message says which, and what to do.</exception>
    public IReadOnlyList<PublishedNotice> List(SiteId site)
    {
        var place = new DirectoryInfo(FolderOf(site));
        try
        {
            if (!place.Exists) return [];
            return [.. place.EnumerateDirectories("v*").Where(d => d.LinkTarget is null && Number(d.Name) is not null).Select(d => Read(site, Number(d.Name)!.Value)).OrderByDescending(n => n.Version)];
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{place.FullName} cannot be read: give it to the account that runs trafficflow", e);
        }
    }

    /// <inheritdoc cref="List" path="/exception"/>
    /// <returns>Null where nothing was published.</returns>
    public PublishedNotice? Newest(SiteId site) => List(site) is [var newest, ..] ? newest : null;

    /// <summary>Where the files of a version are.</summary>
    public string PlaceOf(SiteId site, int version) => Path.Combine(FolderOf(site), string.Create(CultureInfo.InvariantCulture, $"v{version}"));

    /// <summary>A published file, as it is now.</summary>
    /// <param name="file">One of the version's own.</param>
    /// <returns>Null where the version has no such file, or it is gone.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[]? Read(PublishedNotice notice, string file)
    {
        if (!notice.Files.ContainsKey(file)) return null;
        var path = Path.Combine(PlaceOf(new SiteId(notice.Site), notice.Version), file);
        if (new FileInfo(path) is not { Exists: true, LinkTarget: null }) return null;
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} cannot be read: give it to the account that runs trafficflow", e);
        }
    }

    /// <summary>Keeps a new version.</summary>
    /// <param name="notice">With the next number; its hashes are made here.</param>
    /// <param name="files">By name.</param>
    /// <exception cref="IOException">It cannot be written, or somebody else has published this number meanwhile; nothing is left of it.</exception>
    public PublishedNotice Publish(PublishedNotice notice, IReadOnlyDictionary<string, byte[]> files)
    {
        var site = new SiteId(notice.Site);
        var whole = notice with { Files = files.ToDictionary(f => f.Key, f => Convert.ToHexStringLower(SHA256.HashData(f.Value)), StringComparer.Ordinal) };
        var draft = Path.Combine(FolderOf(site), $".{Guid.NewGuid():n}");
        try
        {
            Make(draft);
            foreach (var (name, content) in files) FileDraft.Write(Path.Combine(draft, name), content);
            FileDraft.Write(Path.Combine(draft, Index), JsonSerializer.SerializeToUtf8Bytes(whole, s_json));
            // Another one of this number stays as it is.
            if (Path.Exists(PlaceOf(site, notice.Version))) throw new IOException($"version {notice.Version} of {notice.Site} was published meanwhile: look at it, and publish again");
            Directory.Move(draft, PlaceOf(site, notice.Version));
            return whole;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        }
    }

    /// <summary>Files of a version that are not what was published; none where all are.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<string> Altered(PublishedNotice notice)
    {
        var place = PlaceOf(new SiteId(notice.Site), notice.Version);
        return [.. notice.Files.Where(f => HashOf(Path.Combine(place, f.Key)) != f.Value).Select(f => f.Key).Order(StringComparer.Ordinal)];
    }

    private static string? HashOf(string file)
    {
        if (new FileInfo(file) is not { Exists: true, LinkTarget: null }) return null;
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{file} cannot be read: give it to the account that runs trafficflow", e);
        }
    }

    private PublishedNotice Read(SiteId site, int version)
    {
        var file = Path.Combine(PlaceOf(site, version), Index);
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > LongestIndex) throw Damaged($"it has {stream.Length} bytes");
            var notice = JsonSerializer.Deserialize<PublishedNotice>(stream, s_json) ?? throw Damaged("it holds nothing");
            if (notice.Version != version || notice.Site != site.Value) throw Damaged($"it says version {notice.Version} of {notice.Site}");
            // A name of the file is the name of a file, wherever it came from.
            if (notice.Files.Keys.Any(f => Path.GetFileName(f) != f || f.Length == 0)) throw Damaged("it names files elsewhere");
            return notice;
        }
        catch (JsonException e)
        {
            throw Damaged(e.Message, e);
        }

        IOException Damaged(string why, Exception? inner = null) => new($"{file} is not what was written ({why}): bring it back from a backup, or move its folder away and publish again", inner);
    }

    private static int? Number(string name) =>
        name is ['v', >= '1' and <= '9', ..] && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Make(string place)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(place);
        else Directory.CreateDirectory(place, OwnerOnly);
    }

    private string FolderOf(SiteId site) => Path.Combine(folder, site.Value);
}
