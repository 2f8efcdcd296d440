using System.Globalization;
using TrafficFlow.Core.Files;

namespace TrafficFlow.Node.Run;

/// <summary>
/// The form in which a data folder is written, as a number in the file `format`. An older program would read rows that it does not know as damage; it is
/// refused before it opens anything.
/// </summary>
internal static class DataVersion
{
    /// <summary>Raised when a program cannot go on any more with what the next one has written.</summary>
    public const int Current = 1;

    private const string Name = "format";

    /// <returns>Why this program must not use the folder; null where it may. Folders from before there was a number have none.</returns>
    public static string? Problem(string folder)
    {
        var file = Path.Combine(folder, Name);
        if (!File.Exists(file)) return null;
        string text;
        try
        {
            text = new FileInfo(file).Length < 100 ? File.ReadAllText(file).Trim() : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{file} cannot be read ({e.Message}): did another account run trafficflow here? Give the data folder and all in it to the one that runs it now (chown -R)";
        }

        var (number, by) = text.Split(' ', 2) switch
        {
            [var first, var version] => (first, version),
            _ => (text, ""),
        };
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var format))
            return $"{file} does not say in which form the data folder is written: restore the file from a backup, or remove it where only this version has used the folder";
        return format <= Current
            ? null
            : $"the data folder {folder} was written by a newer trafficflow{(by.Length > 0 ? $" ({by})" : "")}, in form {format}; this one, {NodeHealth.Version}, knows {Current}: install the newer version again, or set another data-directory";
    }

    /// <exception cref="JobFailedException">A newer version has written the folder.</exception>
    public static void Claim(string folder)
    {
        var problem = Problem(folder);
        if (problem is not null) throw new JobFailedException(problem);
        try
        {
            FileDraft.Write(Path.Combine(folder, Name), $"{Current.ToString(CultureInfo.InvariantCulture)} {NodeHealth.Version}\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{folder} cannot be written ({e.Message}): free some space, or give the account that runs trafficflow write access to the data folder", e);
        }
    }
}
