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
internal sealed class KeptDrafts(string dataDirectory)
{
    public const string Folder = "site-drafts";

    private const int MostBytes = 1024 * 1024;

    private readonly Lock _gate = new();

    private sealed record Written(string Account, KeptDraft Draft);

    public KeptDraft? Of(SiteId site, string account) => Read(FileOf(site, account)) is { } written && written.Account == account ? written.Draft : null;

    public IReadOnlyList<string> Others(SiteId site, string account) =>
        Directory.Exists(FolderOf(site)) ? [.. Directory.EnumerateFiles(FolderOf(site), "*.json").Where(f => !Path.GetFileName(f).StartsWith('.')).Select(Read).OfType<Written>().Select(w => w.Account).Where(a => a != account).Order(StringComparer.Ordinal)] : [];

    /// <returns>False where it could not be kept.</returns>
    public bool Keep(SiteId site, string account, KeptDraft? draft)
    {
        lock (_gate)
        {
            try
            {
                if (draft is null)
                {
                    if (Directory.Exists(FolderOf(site))) File.Delete(FileOf(site, account));
                    return true;
                }

                var bytes = JsonSerializer.SerializeToUtf8Bytes(new Written(account, draft));
                if (bytes.Length > MostBytes) return false;
                Directory.CreateDirectory(FolderOf(site));
                FileDraft.Write(FileOf(site, account), bytes);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private static Written? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Written>(File.ReadAllBytes(file)) is { Account: not null, Draft: { Began: not null } kept } written && IsWhole(kept.Draft) && IsWhole(kept.BeganDraft) ? written : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
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
