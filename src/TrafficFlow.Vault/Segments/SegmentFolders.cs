using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

/// <summary>Which days of which cameras a vault has.</summary>
internal static class SegmentFolders
{
    /// <returns>In the order of cameras and days; what has no such name is somebody else's.</returns>
    public static IEnumerable<(CameraId Camera, DateOnly Day, string Folder)> Of(VaultKeys keys, SiteId site)
    {
        foreach (var camera in VaultKeys.FoldersIn(Path.Combine(keys.SitesFolder, site.Value)))
        {
            foreach (var folder in VaultKeys.FoldersIn(camera))
            {
                if (DateOnly.TryParseExact(Path.GetFileName(folder), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                    yield return (new CameraId(Path.GetFileName(camera)), day, folder);
            }
        }
    }
}
