using System.Globalization;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.HandCarry;

/// <summary>A volume that was taken in here.</summary>
/// <param name="Name">Of its confirmation.</param>
/// <param name="From">Id of the vault that it comes from; null where the confirmation is large or damaged: it is not read for a look.</param>
/// <param name="Segments">That are confirmed; null in the same cases.</param>
public sealed record TakenVolume(string Name, string Bundle, int Volume, DateTimeOffset At, string? From, int? Segments);

/// <summary>The confirmations that a vault has given, for people: what they say decides nothing here.</summary>
public static class TakenVolumes
{
    private const string Ending = ".confirmation";
    private const string Beginning = "trafficflow-";
    private const int LargestForALook = 4 << 20;

    /// <param name="vault">Folder of the vault.</param>
    /// <param name="most">The newest.</param>
    /// <exception cref="VaultFileException">The folder cannot be read.</exception>
    public static IReadOnlyList<TakenVolume> Of(string vault, int most)
    {
        try
        {
            var folder = new DirectoryInfo(FolderOf(vault));
            return !folder.Exists ? [] : [.. folder.EnumerateFiles(Beginning + "*" + Ending).OrderByDescending(f => f.LastWriteTimeUtc).Select(Look).OfType<TakenVolume>().Take(most)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultFileException($"{FolderOf(vault)} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>A confirmation as it was signed.</summary>
    /// <param name="vault">Folder of the vault.</param>
    /// <param name="name">As <see cref="TakenVolume.Name"/>; anything may be in it.</param>
    /// <returns>Null where there is none of that name.</returns>
    /// <exception cref="VaultFileException">It is larger than that, or cannot be read.</exception>
    public static byte[]? Read(string vault, string name, long longest) =>
        Parse(name) is null ? null : PrivateFile.Read(Path.Combine(FolderOf(vault), name + Ending), longest);

    /// <summary>Of the folder of a volume on its disk, and of its confirmation.</summary>
    public static string NameOf(string bundle, int volume) => BundleNames.FolderOf(bundle, volume);

    private static string FolderOf(string vault) => Path.Combine(vault, BundleImport.Folder);

    private static TakenVolume? Look(FileInfo file)
    {
        var name = Path.GetFileNameWithoutExtension(file.Name);
        if (file.LinkTarget is not null || Parse(name) is not var (bundle, volume)) return null;
        ImportConfirmation? said = null;
        try
        {
            if (file.Length <= LargestForALook) said = ImportConfirmation.Parse(SignedDocument.Unverified(ImportConfirmation.Kind, File.ReadAllBytes(file.FullName)));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            // It is there, and nothing is known of it.
        }

        return new TakenVolume(name, bundle, volume, said?.At ?? file.LastWriteTimeUtc, said?.From, said?.Segments.Count);
    }

    private static (string Bundle, int Volume)? Parse(string name) =>
        name.StartsWith(Beginning, StringComparison.Ordinal) && name.LastIndexOf('-') is var last && last > Beginning.Length
        && int.TryParse(name.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var volume) && BundleNames.IsId(name[Beginning.Length..last])
            ? (name[Beginning.Length..last], volume) : null;
}
