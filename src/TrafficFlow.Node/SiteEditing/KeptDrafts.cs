using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Web.Pages.Editor;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>
/// Drafts that nobody has saved yet, one of an account and site, in site-drafts/SITE of the data folder: with the node and not with the browser, so that one outlives a browser, is
/// found again from another, and others see that somebody draws.
/// </summary>
internal sealed class KeptDrafts(string dataDirectory, TimeProvider time)
{
    public const string Folder = "site-drafts";

    private const int MostBytes = 1024 * 1024;

    /// <summary>A clock that was wrong for a while must not delete what people drew: what is old is hidden at once, and goes when it has been old for so long by the machine's own time.</summary>
    public static readonly TimeSpan HiddenFor = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _old = new(StringComparer.Ordinal);

    private sealed record Written(string Account, KeptDraft Draft);

    public KeptDraft? Of(SiteId site, string account)
    {
        RemoveOld();
        var file = FileOf(site, account);
        return !IsOld(file) && TryRead(file) is { } written && written.Account == account ? written.Draft : null;
    }

    public IReadOnlyList<string> Others(SiteId site, string account)
    {
        try
        {
            return [.. FilesIn(FolderOf(site)).Where(f => !IsOld(f)).Select(TryRead).OfType<Written>().Select(w => w.Account).Where(a => a != account).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <inheritdoc cref="ISiteEditor.Keep"/>
    public KeepResult Keep(SiteId site, string account, KeptDraft? draft, long known)
    {
        lock (_gate)
        {
            try
            {
                var file = FileOf(site, account);
                if ((IsOld(file) ? null : Read(file, account)) is var now && (now?.Number ?? 0) != known) return new DraftOfAnotherPage(now);
                if (draft is null)
                {
                    if (Directory.Exists(FolderOf(site))) File.Delete(file);
                    return new DraftKept(0);
                }

                // Never one that was given before, whatever was dropped in between.
                draft = draft with { Number = Math.Max(known + 1, time.GetUtcNow().UtcTicks) };
                var bytes = JsonSerializer.SerializeToUtf8Bytes(new Written(account, draft));
                if (bytes.Length > MostBytes) return new DraftNotKept($"it has {bytes.Length} bytes, and {MostBytes} are the most");
                Directory.CreateDirectory(FolderOf(site));
                FileDraft.Write(file, bytes);
                return new DraftKept(draft.Number);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new DraftNotKept(e.Message);
            }
        }
    }

    /// <summary>Of all sites: a site that is no more has nobody who opens it.</summary>
    private void RemoveOld()
    {
        try
        {
            var folder = Path.Combine(dataDirectory, Folder);
            if (!Directory.Exists(folder)) return;
            lock (_gate)
            {
                var old = Directory.EnumerateDirectories(folder).SelectMany(FilesIn).Where(IsOld).ToHashSet(StringComparer.Ordinal);
                foreach (var young in _old.Keys.Where(f => !old.Contains(f)).ToList()) _old.Remove(young);
                foreach (var file in old)
                {
                    if (!_old.TryAdd(file, time.GetTimestamp()) && time.GetElapsedTime(_old[file]) >= HiddenFor) File.Delete(file);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another time.
        }
    }

    private bool IsOld(string file) => time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(file) > KeptDraft.For;

    private static IEnumerable<string> FilesIn(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.json").Where(f => !Path.GetFileName(f).StartsWith('.')) : [];

    /// <exception cref="IOException">It is there, and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    private static KeptDraft? Read(string file, string account) => Read(file) is { } written && written.Account == account ? written.Draft : null;

    private static Written? TryRead(string file)
    {
        try
        {
            return Read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static Written? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Written>(File.ReadAllBytes(file)) is { Account: not null, Draft: { Began: not null } kept } written && IsWhole(kept.Draft) && IsWhole(kept.BeganDraft) ? written : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>What is missing in a file of another time is no list at all.</summary>
    private static bool IsWhole(SiteDraft? draft) =>
        draft is { Approaches.IsDefault: false, Cameras.IsDefault: false } && draft.Cameras.All(c => c is { Masks.IsDefault: false, Gates.IsDefault: false, Ground.IsDefault: false } && c.Masks.All(m => m is { Points.IsDefault: false }));

    private string FolderOf(SiteId site) => Path.Combine(dataDirectory, Folder, site.Value);

    // Names of accounts are not held to what may stand in a file's name.
    private string FileOf(SiteId site, string account) => Path.Combine(FolderOf(site), $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(account)))[..24]}.json");
}
