using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <summary>A file is no study, or not a whole one; the message says why and what to do.</summary>
public sealed class StudyFileException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A study as JSON: { "schema": "trafficflow-study", "version": 1, "study": { … } }, the names of <see cref="JunctionStudy"/> in camel case, times in RFC 3339, enums by name. Fields are added
/// and never change their meaning, or the version grows: deploy/ANALYSIS.md has them. What is read is the whole of what was written, or an error.
/// </summary>
public static class StudyFile
{
    public const string Schema = "trafficflow-study";
    public const int Version = 1;

    /// <summary>A study of a week is some MiB: what is larger is something else.</summary>
    public const long MostBytes = 256L << 20;

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        // Delay without end: a movement that never gets green.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 32,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireWhatAStructHolds } },
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new NameConverter<SiteId>(text => new SiteId(text), site => site.Value, text => NameRule.IsKnown(text)),
            new NameConverter<CameraId>(text => new CameraId(text), camera => camera.Value, text => NameRule.IsKnown(text)),
            new NameConverter<ApproachId>(text => new ApproachId(text), approach => approach.Value, text => NameRule.IsKnown(text)),
            new NameConverter<Movement>(text => new Movement(text), movement => movement.Name, Movement.IsName),
            new PointConverter(),
        },
    };

    private sealed record Envelope(string Schema, int Version, JunctionStudy Study);

    /// <summary>As it is written; the same study always gives the same bytes.</summary>
    public static byte[] ToBytes(JunctionStudy study) => JsonSerializer.SerializeToUtf8Bytes(new Envelope(Schema, Version, study), s_options);

    /// <summary>Whole or not at all, for its own account only; over what is there.</summary>
    /// <exception cref="IOException">It cannot be written; what was there stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Write(string place, JunctionStudy study) => FileDraft.Write(place, ToBytes(study));

    /// <exception cref="StudyFileException">It cannot be read, is none, is not whole, or was made by a newer program.</exception>
    public static JunctionStudy Read(string place)
    {
        try
        {
            using var file = new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return Read(file, place);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StudyFileException($"{place} cannot be read ({e.Message}): is it there, and for this account?", e);
        }
    }

    /// <param name="name">Of the file, for messages.</param>
    /// <exception cref="StudyFileException">As for <see cref="Read(string)"/>.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static JunctionStudy Read(Stream stream, string name)
    {
        if (stream.CanSeek && stream.Length - stream.Position > MostBytes) throw new StudyFileException($"{name} has more than {MostBytes >> 20} MiB, which no study has");
        try
        {
            using var json = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = s_options.MaxDepth });
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("schema", out var schema) || schema.ValueKind != JsonValueKind.String || schema.GetString() != Schema
                || !json.RootElement.TryGetProperty("version", out var number) || !number.TryGetInt32(out var version))
                throw new StudyFileException($"{name} is no study: it is JSON, but does not say \"schema\": \"{Schema}\" and a version; study.json of `trafficflow analyse` is one");
            if (version != Version)
                throw new StudyFileException(version > Version
                    ? $"{name} has version {version} of the format, and this program knows {Version}: read it with the program that made it, or a newer one"
                    : $"{name} has version {version} of the format, which there never was");
            // Nullable annotations do not reach into arrays: none of a study holds nothing.
            if (HoldsNothing(json.RootElement)) throw new JsonException("a list has an empty place");
            var study = json.RootElement.Deserialize<Envelope>(s_options)!.Study;
            return Problem(study) is { } problem ? throw new StudyFileException($"{name} contradicts itself: {problem}; make the study anew") : study;
        }
        catch (JsonException e)
        {
            throw new StudyFileException($"{name} is not a whole study (line {(e.LineNumber ?? 0) + 1}{(string.IsNullOrEmpty(e.Path) ? "" : $", {e.Path}")}): it was cut or changed by hand, or a newer program made it; copy it again, or make the study anew", e);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or OverflowException or DecoderFallbackException)
        {
            throw new StudyFileException($"{name} is not a study that this program knows ({e.Message}): make it anew", e);
        }
    }

    /// <summary>What in it points at nothing; null in all that a program of ours wrote.</summary>
    private static string? Problem(JunctionStudy study)
    {
        var (subject, plans) = (study.Subject, study.Signals.Inferred.Plans);
        if (subject.Span.IsEmpty) return "its time is empty";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(subject.TimeZone, out _)) return $"there is no time zone {subject.TimeZone} on this machine";
        if (study.Signals.Profiles.Any(p => !IsPlan(p.Plan) || p.Group < 0 || p.Group >= plans[p.Plan].Groups.Length)) return "a profile is of a plan or group that is not in it";
        if (study.Signals.Periods.Any(p => !IsPlan(p.Plan) || !p.Plans.All(IsPlan)) || study.Movements.Any(m => m.Plan is { } plan && !IsPlan(plan)) || study.Proposals.Any(p => p.Plan is { } plan && !IsPlan(plan)))
            return "something is of a plan that is not in it";
        if (plans.SelectMany(p => p.Stages, (p, s) => s.Groups.Any(g => g < 0 || g >= p.Groups.Length)).Any(wrong => wrong)) return "a stage has a group that is not in its plan";
        if (study.Proposals.Any(p => p.Simulated is { } simulated && simulated.Simulated.Length != simulated.Measured.Length)) return "measured and simulated delays are not of the same approaches";
        return null;

        bool IsPlan(int plan) => plan >= 0 && plan < plans.Length;
    }

    private static bool HoldsNothing(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.Null || HoldsNothing(e)),
        JsonValueKind.Object => element.EnumerateObject().Any(p => HoldsNothing(p.Value)),
        _ => false,
    };

    /// <summary>Of a record class the constructor asks for all; a struct would be zero where something is missing.</summary>
    private static void RequireWhatAStructHolds(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || !type.Type.IsValueType) return;
        var constructor = type.Type.GetConstructors().MaxBy(c => c.GetParameters().Length);
        var names = constructor?.GetParameters().Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        foreach (var property in type.Properties.Where(p => p.Set is not null && names.Contains(p.Name))) property.IsRequired = true;
    }

    /// <summary>A name as a word, by the rule that it was chosen by.</summary>
    private sealed class NameConverter<T>(Func<string, T> read, Func<T, string> write, Func<string, bool> isOne) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && isOne(text) ? read(text) : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(write(value));
    }

    /// <summary>A dot of a diagram: [time, second].</summary>
    private sealed class PointConverter : JsonConverter<(DateTimeOffset At, double Second)>
    {
        public override (DateTimeOffset At, double Second) Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var at)) throw new JsonException();
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var second) || !reader.Read() || reader.TokenType != JsonTokenType.EndArray) throw new JsonException();
            return (at, second);
        }

        public override void Write(Utf8JsonWriter writer, (DateTimeOffset At, double Second) value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(value.At);
            writer.WriteNumberValue(Math.Round(value.Second, 2));
            writer.WriteEndArray();
        }
    }
}
