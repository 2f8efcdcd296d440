using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Keys;

namespace TrafficFlow.Vault.Segments;

internal enum SegmentEvent
{
    /// <summary>It is whole.</summary>
    Closed = 0,

    /// <summary>Its key was destroyed.</summary>
    Erased = 1,
}

/// <summary>One line of a day's list.</summary>
/// <param name="Number">From 1.</param>
/// <param name="To">Event time behind the last frame; null where its writer ended before it could say.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Commitment">Of the encryption, hexadecimal: tells one file of this name from any other.</param>
/// <param name="IsCut">Its writer ended before its end.</param>
/// <param name="Receipt">Of the erasure.</param>
/// <param name="Previous">Check of the line before; empty for the first.</param>
internal sealed record SegmentLine(
    int Number, SegmentEvent Event, string Name, DateTimeOffset From, DateTimeOffset? To, int Frames, int Lost, long Bytes, string Commitment, bool IsCut, string? Receipt, string Previous)
{
    /// <summary>It was carried here from another vault, which has erased it since.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsCarried { get; init; }

    /// <summary>HMAC-SHA256, hexadecimal.</summary>
    [JsonIgnore]
    public string Check { get; init; } = "";
}

/// <summary>
/// The list of a camera's day, segments.log: a line for each segment that was closed or erased, chained and checked with a key of that day, so that segments that were taken away, brought in, or put back in an older form
/// are found. Lines that were cut off its end are found by the segments that they named.
/// </summary>
internal sealed class SegmentList
{
    public const string FileName = "segments.log";

    private const string Purpose = "trafficflow.vault/list@v1";
    private const string BeforeCheck = ",\"check\":\"";
    private const int CheckFigures = 64;
    private const long Longest = 16 * 1024 * 1024;

    private static readonly JsonSerializerOptions s_layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = 2,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private readonly string _path;
    private readonly List<SegmentLine> _lines = [];
    private readonly List<string> _problems = [];
    private int _whole;

    private SegmentList(string path) => _path = path;

    public IReadOnlyList<SegmentLine> Lines => _lines;

    /// <summary>What is wrong with it; empty where nothing is.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <param name="dayKey">Null: the lines are read and not checked.</param>
    /// <exception cref="VaultFileException">It cannot be read.</exception>
    public static SegmentList Read(string folder, LockedBytes? dayKey)
    {
        var list = new SegmentList(Path.Combine(folder, FileName));
        if (PrivateFile.Read(list._path, Longest) is not { } content) return list;
        using var key = dayKey is null ? null : KeyWrap.Derived(dayKey, Purpose);
        var number = 0;
        // A last line without its end was cut while it was written, and says nothing yet; the next one takes its place.
        list._whole = Array.LastIndexOf(content, (byte)'\n') + 1;
        foreach (var text in Encoding.UTF8.GetString(content, 0, list._whole).Split('\n'))
        {
            number++;
            if (text.Length == 0) continue;
            if (Parse(text, key) is not { } line) list._problems.Add($"line {number} of {list._path} is damaged or was changed");
            else list.Take(line, number);
        }

        return list;
    }

    /// <summary>On the disk when it returns.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public SegmentLine Append(LockedBytes dayKey, SegmentLine line)
    {
        using var key = KeyWrap.Derived(dayKey, Purpose);
        line = line with { Number = (_lines.Count > 0 ? _lines[^1].Number : 0) + 1, Previous = _lines.Count > 0 ? _lines[^1].Check : "" };
        var text = JsonSerializer.Serialize(line, s_layout);
        var check = CheckOf(key, text);
        RemoveCutLine();
        var bytes = Encoding.UTF8.GetBytes($"{text[..^1]}{BeforeCheck}{check}\"}}\n");
        SignedFile.Append(_path, bytes);
        _whole += bytes.Length;
        line = line with { Check = check };
        _lines.Add(line);
        return line;
    }

    /// <summary>The same list, checked with another key: what one key proves the other proves afterwards, and what is damaged or missing stays so. A list that the new key checks already is left alone.</summary>
    /// <exception cref="VaultFileException">It cannot be read or written.</exception>
    public static void Rekey(string folder, LockedBytes oldDayKey, LockedBytes newDayKey)
    {
        var path = Path.Combine(folder, FileName);
        if (PrivateFile.Read(path, Longest) is not { } content) return;
        using var old = KeyWrap.Derived(oldDayKey, Purpose);
        using var key = KeyWrap.Derived(newDayKey, Purpose);
        var (text, checks, isChanged) = (new StringBuilder(), new Dictionary<string, string>(StringComparer.Ordinal), false);
        foreach (var line in Encoding.UTF8.GetString(content, 0, Array.LastIndexOf(content, (byte)'\n') + 1).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Parse(line, old) is not { } sound)
            {
                text.Append(line).Append('\n');
                continue;
            }

            var now = JsonSerializer.Serialize(sound with { Previous = checks.GetValueOrDefault(sound.Previous, sound.Previous) }, s_layout);
            checks[sound.Check] = CheckOf(key, now);
            text.Append(now, 0, now.Length - 1).Append(BeforeCheck).Append(checks[sound.Check]).Append("\"}\n");
            isChanged = true;
        }

        if (isChanged) PrivateFile.Replace(path, Encoding.UTF8.GetBytes(text.ToString()));
    }

    private void RemoveCutLine()
    {
        if (!File.Exists(_path)) return;
        using var stream = PrivateFile.OpenToAppend(_path);
        if (stream.Length <= _whole) return;
        stream.SetLength(_whole);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>The last line of each segment.</summary>
    public IReadOnlyDictionary<string, SegmentLine> ByName() => _lines.GroupBy(l => l.Name).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);

    private void Take(SegmentLine line, int number)
    {
        var (expected, previous) = _lines.Count > 0 ? (_lines[^1].Number + 1, _lines[^1].Check) : (1, "");
        if (line.Number != expected || line.Previous != previous) _problems.Add($"line {number} of {_path} does not follow the one before: lines are missing, or come in another order");
        _lines.Add(line);
    }

    private static SegmentLine? Parse(string text, LockedBytes? key)
    {
        var at = text.LastIndexOf(BeforeCheck, StringComparison.Ordinal);
        if (at < 0 || text.Length != at + BeforeCheck.Length + CheckFigures + 2 || !text.EndsWith("\"}", StringComparison.Ordinal)) return null;
        var (content, check) = (text[..at] + "}", text[(at + BeforeCheck.Length)..^2]);
        if (key is not null && !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CheckOf(key, content)), Encoding.UTF8.GetBytes(check))) return null;
        try
        {
            return JsonSerializer.Deserialize<SegmentLine>(content, s_layout) is { Name: not null, Commitment: not null, Previous: not null, Number: > 0, Bytes: >= 0 } line && SegmentPlace.TimeOf(line.Name) is not null && SegmentPlace.IsPlausible(line.From) && SegmentPlace.IsPlausible(line.To)
                ? line with { Check = check }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string CheckOf(LockedBytes key, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes(text)));
}
