using CsvHelper;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Score;

/// <summary>Reads truth files and the crossings.csv that `count` writes. Every malformed row is reported, with its line.</summary>
public static class CrossingFiles
{
    private const int ShownErrors = 20;
    private const int LongestGlimpse = 40;
    private const int LongestHeader = 4096;

    private static CsvReaderOptions Options(CsvForm form) => new()
    {
        Separator = form.Separator,
        TrimWhitespace = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        TrackLineNumbers = true,
    };

    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    private static CsvForm FormOf(string path)
    {
        using var file = new StreamReader(path);
        Span<char> beginning = stackalloc char[LongestHeader];
        var header = beginning[..file.ReadBlock(beginning)];
        return CsvForm.Of((header.IndexOf('\n') is >= 0 and var end ? header[..end] : header).ToString());
    }

    /// <exception cref="JobFailedException">A row or the header is malformed; the message lists file, line and reason.</exception>
    public static IReadOnlyList<TruthCrossing> ReadTruth(string path) =>
        Read(path, ["gate", "direction", "time_s", "class", "size", "optional"], row => new TruthCrossing(
            new GateId(row.Required("gate")),
            row.IsAnyDirection ? CrossingDirection.Forward : row.Direction(),
            row.Time(),
            row.Class(),
            row.Size(),
            row.Flag("optional"))
        {
            IsAnyDirection = row.IsAnyDirection,
            Colour = row.Colour(),
            Movement = row.Optional("movement"),
            Lighting = row.Optional("lighting"),
            SpeedKmh = row.Speed(),
        });

    /// <param name="camera">Only this camera's rows; null where the file holds one camera.</param>
    /// <exception cref="JobFailedException">A row or the header is malformed; the message lists file, line and reason.</exception>
    /// <exception cref="UsageException">The file holds several cameras and none is chosen.</exception>
    public static IReadOnlyList<CountedCrossing> ReadCounted(string path, string? camera)
    {
        var rows = Read(path, ["camera", "gate", "direction", "time_s", "class", "size"], row => (
            Camera: row.Required("camera"),
            Track: row.Optional("track"),
            Crossing: new CountedCrossing(
                new GateId(row.Required("gate")),
                row.Direction(),
                row.Time(),
                row.Class() ?? VehicleClass.Unclassified,
                row.Size())
            {
                Colour = row.Colour(),
                Movement = row.Optional("movement"),
                SpeedKmh = row.Speed(),
            }));
        var cameras = rows.Select(r => r.Camera).Distinct().Order(StringComparer.Ordinal).ToList();
        if (camera is null && cameras.Count > 1)
        {
            throw new UsageException(
                $"{path} holds the cameras {Glimpse(cameras)}, whose gates may share names: choose one with --camera ID");
        }

        if (camera is not null && cameras.Count > 0 && !cameras.Contains(camera))
        {
            throw new UsageException($"{path} has no camera {camera}; it has {Glimpse(cameras)}");
        }

        return
        [
            .. rows.Where(r => camera is null || r.Camera == camera)
                .GroupBy(r => r.Track ?? "")
                .SelectMany(g => g.Key.Length == 0 ? g.Select(r => r.Crossing) : WithMovement([.. g.Select(r => r.Crossing)])),
        ];
    }

    /// <summary>The rows of one track; its movement is told by the first and the last of several gates, FROM->TO.</summary>
    private static IEnumerable<CountedCrossing> WithMovement(IReadOnlyList<CountedCrossing> rows)
    {
        var inOrder = rows.OrderBy(r => r.TimeSeconds).ToList();
        var told = inOrder[0].Gate == inOrder[^1].Gate ? null : $"{inOrder[0].Gate}->{inOrder[^1].Gate}";
        return rows.Select(r => r.Movement is null ? r with { Movement = told } : r);
    }

    private static List<T> Read<T>(string path, string[] columns, Func<CrossingRow, T> read)
    {
        var rows = new List<T>();
        var errors = new List<string>();
        try
        {
            var form = FormOf(path);
            using var csv = CsvReader.FromFile(path, Options(form));
            csv.ReadHeader();
            var missing = columns.Except(csv.Headers).ToList();
            if (missing.Count > 0)
            {
                throw Malformed(path, [$"1: the first line names the columns; {string.Join(", ", missing)} missing"]);
            }

            while (csv.Read()) ReadRow(csv, form);
        }
        catch (CsvFormatException e)
        {
            errors.Add($"{e.LineNumber}: {PlainText.Of(e.Message, 200)}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{path} cannot be read: {e.Message}", e);
        }

        return errors.Count == 0 ? rows : throw Malformed(path, errors);

        void ReadRow(CsvReader csv, CsvForm form)
        {
            try
            {
                var width = csv.Headers.Count;
                if (csv.FieldCount != width) throw new FormatException($"{csv.FieldCount} fields where the header has {width}");
                rows.Add(read(new CrossingRow(csv, form)));
            }
            catch (FormatException e)
            {
                errors.Add($"{csv.LineNumber}: {e.Message}");
            }
        }
    }

    private static JobFailedException Malformed(string path, List<string> errors)
    {
        var shown = errors.Take(ShownErrors).Select(e => $"{path}:{e}").ToList();
        if (errors.Count > ShownErrors) shown.Add($"{path}: and {errors.Count - ShownErrors} more");
        return new JobFailedException(string.Join(Environment.NewLine, shown));
    }

    /// <summary>Enough to find it again: the file may be another than was meant, and is nothing for a log.</summary>
    private static string Glimpse(string cell) => PlainText.Of(cell, LongestGlimpse);

    private static string Glimpse(IReadOnlyList<string> names) =>
        $"{string.Join(", ", names.Take(ShownErrors).Select(Glimpse))}{(names.Count > ShownErrors ? $" and {names.Count - ShownErrors} more" : "")}";

    private readonly struct CrossingRow(CsvReader csv, CsvForm form)
    {
        public string Required(string column) => Text(column) ?? throw new FormatException($"{column} is empty");

        /// <summary>For a truth only.</summary>
        public bool IsAnyDirection => csv.GetString("direction") == "any";

        public CrossingDirection Direction() => Required("direction") switch
        {
            "forward" => CrossingDirection.Forward,
            "backward" => CrossingDirection.Backward,
            var other => throw new FormatException($"direction is \"{Glimpse(other)}\"; it is forward or backward"),
        };

        public double Time()
        {
            var text = Required("time_s");
            return form.TryNumber(text, out var time)
                ? time
                : throw new FormatException($"time_s is \"{Glimpse(text)}\"; it is seconds from the start of the recording");
        }

        /// <summary>Truth files write passenger_car, ours passenger-car.</summary>
        public VehicleClass? Class()
        {
            var text = csv.GetString("class") ?? "";
            if (text.Length == 0) return null;
            return VehicleClassNames.TryParse(text.Replace('_', '-'), out var vehicleClass)
                ? vehicleClass
                : throw new FormatException(
                    $"class is \"{Glimpse(text)}\"; it is empty or one of {string.Join(", ", VehicleClassNames.All.Select(c => c.Name()))}");
        }

        public VehicleColour Colour()
        {
            var text = Optional("colour");
            if (text is null or "unknown") return VehicleColour.Unknown;
            foreach (var colour in VehicleColourNames.All)
            {
                if (colour.Name() == text) return colour;
            }

            throw new FormatException($"colour is \"{Glimpse(text)}\"; it is empty or one of {string.Join(", ", VehicleColourNames.All.Select(c => c.Name()).Where(n => n.Length > 0))}");
        }

        public double? Speed()
        {
            if (Optional("speed_kmh") is not { } text) return null;
            return form.TryNumber(text, out var speed) && speed >= 0
                ? speed
                : throw new FormatException($"speed_kmh is \"{Glimpse(text)}\"; it is empty or km/h, 0 or more");
        }

        /// <summary>Null where the cell is empty or the file has no such column.</summary>
        public string? Optional(string column) => csv.Headers.Contains(column) ? Text(column) : null;

        /// <summary>No name of a gate, a camera or a movement goes over two lines or steers a terminal.</summary>
        private string? Text(string column) => csv.GetString(column)?.Trim() switch
        {
            null or "" => null,
            var text when !PlainText.IsPlain(text) => throw new FormatException($"{column} is \"{Glimpse(text)}\", with a line break or another control character: write it without, or close the quotes before it"),
            var text => CsvCell.Read(text),
        };

        public VehicleSize Size() => csv.GetString("size") switch
        {
            "small" => VehicleSize.Small,
            "large" => VehicleSize.Large,
            null or "" => VehicleSize.Unknown,
            var other => throw new FormatException($"size is \"{Glimpse(other)}\"; it is small, large or empty"),
        };

        public bool Flag(string column) => csv.GetString(column) switch
        {
            "1" => true,
            null or "" or "0" => false,
            var other => throw new FormatException($"{column} is \"{Glimpse(other)}\"; it is 1, 0 or empty"),
        };
    }
}
