using System.Text;

namespace TrafficFlow.Node.Settings.HoconParsing;

/// <summary>
/// Reads a HOCON file and what it includes. Problems are collected; a file that is not HOCON gives an empty section. Whoever may write settings names
/// files that the node reads with its own rights: of a file that turns out to be none of ours, nothing is shown but its name.
/// </summary>
/// <param name="isNamedBySettings">The file stands in other settings, not on the command line.</param>
internal sealed class ConfFile(List<SettingsProblem> problems, bool isNamedBySettings = false)
{
    // A site of dozens of cameras is some 50 KB.
    private const long MaxBytes = 4 * 1024 * 1024;

    // An installation includes a file or two.
    private const int MaxIncludes = 100;

    private readonly List<string> _open = [];
    private int _includes;
    private readonly ConfMerge _merge = new(problems);
    private bool _isOurs;

    /// <summary>Every file that was read, with those that are included, in that order; full paths.</summary>
    public List<string> Opened { get; } = [];

    /// <param name="text">What the file would hold; null for what it holds.</param>
    public ConfSection Read(string file, string? text = null)
    {
        if (text is null && !File.Exists(file))
        {
            var what = Directory.Exists(file) ? "is a folder, not a file" : "there is no such file";
            problems.Add(new SettingsProblem(file, null, "", what, "check the path"));
            return new ConfSection(new Origin(file, 1));
        }

        try
        {
            return Parse(file, isIncluded: false, text);
        }
        catch (ConfSyntaxException e)
        {
            problems.Add(isNamedBySettings && !_isOurs ? new SettingsProblem(file, null, "", "is no settings file of trafficflow", "check the name") : e.Problem);
        }
        catch (DecoderFallbackException)
        {
            problems.Add(new SettingsProblem(file, null, "", "is not a text in UTF-8", "save it as UTF-8"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new SettingsProblem(file, null, "", $"cannot be read ({e.Message})", "check its permissions"));
        }

        return new ConfSection(new Origin(file, 1));
    }

    private ConfSection Parse(string file, bool isIncluded, string? given = null)
    {
        var text = given ?? Text(file);
        if (text.Contains('\0')) throw Whole(file, "holds zero bytes", "check that it is a settings file");
        if (!isIncluded) _isOurs = text.Contains("trafficflow", StringComparison.Ordinal);
        _open.Add(Path.GetFullPath(file));
        Opened.Add(Path.GetFullPath(file));
        var root = ConfParser.Parse(file, text, Include, _merge, isIncluded);
        _open.RemoveAt(_open.Count - 1);
        return root;
    }

    /// <summary>A device or a pipe has no length, and no end or none soon: it is not even opened.</summary>
    private static string Text(string file)
    {
        var info = new FileInfo(file);
        if (info.LinkTarget is not null && info.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target) info = target;
        if (info.Length > MaxBytes) throw Whole(file, $"is larger than {MaxBytes / 1024 / 1024} MB", "check that it is a settings file");
        return info.Length == 0 ? "" : File.ReadAllText(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
    }

    private ConfSection? Include(Origin origin, string name)
    {
        var file = Path.Combine(Path.GetDirectoryName(origin.File) ?? "", name);
        if (_open.Contains(Path.GetFullPath(file)))
        {
            throw ConfCursor.Bad(origin, $"include \"{name}\" leads back to a file that is being read", "remove it");
        }

        if (!File.Exists(file)) throw ConfCursor.Bad(origin, $"there is no file {file} to include", "check the name; it is relative to this file");
        if (++_includes > MaxIncludes) throw ConfCursor.Bad(origin, $"more than {MaxIncludes} includes", "put what is included into fewer files");
        try
        {
            return Parse(file, isIncluded: true);
        }
        catch (ConfSyntaxException e)
        {
            // Not a character of it, nor a key: it may be any file of the machine.
            var line = e.Problem.Line is { } number && e.Problem.File == file ? $"at its line {number}" : "as a whole";
            throw ConfCursor.Bad(origin, $"include \"{name}\" is no settings file ({line}), and nothing of it is shown", "look at that file there, or include another");
        }
        catch (DecoderFallbackException)
        {
            throw ConfCursor.Bad(origin, $"include \"{name}\" is not a text in UTF-8", "save it as UTF-8, or include another");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ConfCursor.Bad(origin, $"include \"{name}\" cannot be read ({e.Message})", "check its permissions");
        }
    }

    private static ConfSyntaxException Whole(string file, string what, string remedy) => new(new SettingsProblem(file, null, "", what, remedy));
}
