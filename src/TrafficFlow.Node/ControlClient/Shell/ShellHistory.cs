using TrafficFlow.Core.Files;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.ControlClient.Shell;

/// <summary>
/// The lines that were typed, in a private file of the account: $XDG_STATE_HOME/trafficflow/ctl-history, or ~/.local/state. Bounded; a line that
/// looks as if it held a password is not kept. Shells that run side by side each add their own.
/// </summary>
internal sealed class ShellHistory
{
    public const int Most = 1_000;
    private const int LongestFile = 4 * 1024 * 1024;

    private readonly string? _file;
    private readonly List<string> _lines = [];
    private readonly List<string> _new = [];

    /// <param name="file">Null where there is no folder for it.</param>
    public ShellHistory(string? file)
    {
        _file = file;
        if (Read() is var lines) _lines.AddRange(lines);
    }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <returns>Null where the account has no home.</returns>
    public static string? DefaultFile()
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state) || !Path.IsPathRooted(state))
        {
            var home = Environment.GetEnvironmentVariable("HOME");
            if (string.IsNullOrEmpty(home)) return null;
            state = Path.Combine(home, ".local", "state");
        }

        return Path.Combine(state, "trafficflow", "ctl-history");
    }

    /// <summary>A line that repeats the last one is not kept twice.</summary>
    public void Add(string line)
    {
        line = line.Trim();
        if (line.Length == 0 || (_lines.Count > 0 && _lines[^1] == line)) return;
        _lines.Add(line);
        if (Secrets.Hide(line) == line && PlainText.IsPlain(line)) _new.Add(line);
    }

    /// <returns>Why it could not be written; null where it was, or nothing was new.</returns>
    public string? Save()
    {
        if (_new.Count == 0) return null;
        if (_file is null) return "the history is not kept: this account has no HOME, and no XDG_STATE_HOME";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            FileDraft.Write(_file, string.Concat(Read().Concat(_new).TakeLast(Most).Select(l => $"{l}\n")));
            _new.Clear();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"the history is not kept in {_file}: {e.Message}";
        }
    }

    /// <summary>A file that cannot be read is as none: it is told when it cannot be written.</summary>
    private List<string> Read()
    {
        try
        {
            return _file is not null && new FileInfo(_file) is { Exists: true, Length: < LongestFile }
                ? [.. File.ReadLines(_file).Where(l => l.Length > 0 && PlainText.IsPlain(l)).TakeLast(Most)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
