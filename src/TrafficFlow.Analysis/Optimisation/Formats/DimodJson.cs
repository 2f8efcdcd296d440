using System.Buffers;
using System.Text;
using System.Text.Json;

namespace TrafficFlow.Analysis.Optimisation.Formats;

/// <summary>
/// Binary quadratic models as dimod's `to_serializable()` gives them to `json.dumps` (bqm_schema 3.0.0; 2.x is read too, 1.x is refused as dimod refuses it). One-hot groups stand in
/// `info`, which dimod keeps empty and does not read: `"info": {"one_hot_groups": [[0, 1, 2]]}`, by index.
/// </summary>
public static class DimodJson
{
    public const string SchemaVersion = "3.0.0";

    private const string OneHotGroups = "one_hot_groups";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static byte[] Write(BinaryQuadraticModel model)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + 24 * (model.VariableCount + 3 * model.CouplingCount));
        using (var json = new Utf8JsonWriter(buffer)) Write(json, model);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, BinaryQuadraticModel model)
    {
        var couplings = model.Couplings().ToList();
        json.WriteStartObject();
        json.WriteString("type", "BinaryQuadraticModel");
        json.WriteStartObject("version");
        json.WriteString("bqm_schema", SchemaVersion);
        json.WriteEndObject();
        json.WriteBoolean("use_bytes", false);
        json.WriteString("index_type", "int32");
        json.WriteString("bias_type", "float64");
        json.WriteNumber("num_variables", model.VariableCount);
        json.WriteNumber("num_interactions", couplings.Count);
        json.WriteStartArray("variable_labels");
        foreach (var label in model.Labels) Write(json, label);
        json.WriteEndArray();
        json.WriteString("variable_type", model.Vartype.NameOf());
        json.WritePropertyName("offset");
        Write(json, model.Offset);
        json.WriteStartObject("info");
        if (model.Groups.Length > 0)
        {
            json.WriteStartArray(OneHotGroups);
            foreach (var group in model.Groups)
            {
                json.WriteStartArray();
                foreach (var member in group.Members) json.WriteNumberValue(member);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteStartArray("linear_biases");
        foreach (var bias in model.Linear) Write(json, bias);
        json.WriteEndArray();
        json.WriteStartArray("quadratic_biases");
        foreach (var coupling in couplings) Write(json, coupling.Bias);
        json.WriteEndArray();
        json.WriteStartArray("quadratic_head");
        foreach (var coupling in couplings) json.WriteNumberValue(coupling.U);
        json.WriteEndArray();
        json.WriteStartArray("quadratic_tail");
        foreach (var coupling in couplings) json.WriteNumberValue(coupling.V);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, VariableLabel label)
    {
        if (label.Number is { } number)
        {
            json.WriteNumberValue(number);
        }
        else if (label.Text is { } text)
        {
            json.WriteStringValue(text);
        }
        else
        {
            json.WriteStartArray();
            foreach (var part in label.Parts) Write(json, part);
            json.WriteEndArray();
        }
    }

    /// <summary>With a point, as Python writes a float: a list of whole numbers alone would be read as integers.</summary>
    private static void Write(Utf8JsonWriter json, double bias) => json.WriteRawValue(Numbers.Float(bias), skipInputValidation: true);

    /// <exception cref="QuadraticModelException">It is no such file; the message says what is wrong.</exception>
    public static async Task<DimodFile> ReadAsync(Stream stream, ModelLimits? limits = null, CancellationToken cancellation = default) =>
        Read(await BoundedFile.ReadAsync(stream, limits ?? ModelLimits.Default, cancellation).ConfigureAwait(false), limits);

    /// <inheritdoc cref="ReadAsync"/>
    public static DimodFile Read(ReadOnlyMemory<byte> utf8, ModelLimits? limits = null)
    {
        var bounds = limits ?? ModelLimits.Default;
        BoundedFile.Check(utf8.Length, bounds);
        try
        {
            using var document = JsonDocument.Parse(utf8, Strict);
            return Read(document.RootElement, bounds);
        }
        catch (JsonException e)
        {
            throw new QuadraticModelException(
                $"no JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} ({e.Message}): the file is cut or was changed by hand (numbers such as NaN are not JSON)", e);
        }
    }

    private static DimodFile Read(JsonElement root, ModelLimits limits)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new QuadraticModelException("the file holds no JSON object: write `json.dump(bqm.to_serializable(), file)` in dimod");
        var type = root.TryGetProperty("type", out var t) && t.ValueKind == JsonValueKind.String ? t.GetString() : null;
        if (type != "BinaryQuadraticModel") throw new QuadraticModelException($"the file's type is {type ?? "not given"}, and \"BinaryQuadraticModel\" is expected");
        var version = Version(root);
        if (Property(root, "use_bytes") is not { ValueKind: JsonValueKind.False })
        {
            throw new QuadraticModelException("use_bytes is not false: bytes are no JSON; write the model with `bqm.to_serializable(use_bytes=False)`");
        }

        var vartype = Vartypes.Parse(Text(root, "variable_type")) ?? throw new QuadraticModelException("variable_type is neither SPIN nor BINARY");
        var builder = new QuadraticModelBuilder(vartype, limits);
        var labels = Array(root, "variable_labels", limits.Variables);
        foreach (var label in labels.EnumerateArray())
        {
            var expected = builder.VariableCount;
            if (builder.Add(Label(label, 0)) != expected) throw new QuadraticModelException($"variable_labels names {label} twice");
        }

        AddBiases(root, builder, limits);
        AddGroups(root, builder);
        return new DimodFile(builder.Build(), version);
    }

    private static void AddBiases(JsonElement root, QuadraticModelBuilder builder, ModelLimits limits)
    {
        var linear = Numbers.Of(Array(root, "linear_biases", limits.Variables), "linear_biases");
        var quadratic = Numbers.Of(Array(root, "quadratic_biases", limits.Couplings), "quadratic_biases");
        var heads = Numbers.IndicesOf(Array(root, "quadratic_head", limits.Couplings), "quadratic_head", builder.VariableCount);
        var tails = Numbers.IndicesOf(Array(root, "quadratic_tail", limits.Couplings), "quadratic_tail", builder.VariableCount);
        Same("linear_biases", linear.Length, "variable_labels", builder.VariableCount);
        Same("num_variables", Count(root, "num_variables"), "variable_labels", builder.VariableCount);
        Same("quadratic_head", heads.Length, "quadratic_biases", quadratic.Length);
        Same("quadratic_tail", tails.Length, "quadratic_biases", quadratic.Length);
        Same("num_interactions", Count(root, "num_interactions"), "quadratic_biases", quadratic.Length);
        builder.AddOffset(Numbers.Of(Property(root, "offset") ?? throw Missing("offset"), "offset", 0));
        for (var i = 0; i < linear.Length; i++) builder.AddLinear(i, linear[i]);
        for (var k = 0; k < quadratic.Length; k++) builder.AddQuadratic(heads[k], tails[k], quadratic[k]);
    }

    private static void AddGroups(JsonElement root, QuadraticModelBuilder builder)
    {
        if (Property(root, "info") is not { ValueKind: JsonValueKind.Object } info || !info.TryGetProperty(OneHotGroups, out var groups)) return;
        if (groups.ValueKind != JsonValueKind.Array) throw new QuadraticModelException($"info.{OneHotGroups} is no list of lists of indices");
        foreach (var group in groups.EnumerateArray()) builder.AddOneHotGroup(Numbers.IndicesOf(group, $"info.{OneHotGroups}", builder.VariableCount));
    }

    private static string Version(JsonElement root)
    {
        var text = Property(root, "version") is { ValueKind: JsonValueKind.Object } version && version.TryGetProperty("bqm_schema", out var schema) && schema.ValueKind == JsonValueKind.String
            ? schema.GetString()
            : null;
        // What tells none is of dimod before 0.8, which wrote lists of terms.
        if (text is null) throw new QuadraticModelException($"the file tells no version.bqm_schema: it is older than 2.0.0, which is read no more; write it anew with dimod 0.10 or later");
        if (!System.Version.TryParse(text, out var parsed)) throw new QuadraticModelException($"bqm_schema \"{text}\" is no version such as {SchemaVersion}");
        return parsed.Major switch
        {
            < 2 => throw new QuadraticModelException($"bqm_schema {text} is read no more: write the file anew with dimod 0.10 or later, which writes {SchemaVersion}"),
            2 or 3 => text,
            _ => throw new QuadraticModelException($"bqm_schema {text} is newer than this program knows: it reads 2.x and 3.x; write the file with dimod 0.12, or update this program"),
        };
    }

    private static VariableLabel Label(JsonElement element, int depth) => element.ValueKind switch
    {
        JsonValueKind.String => VariableLabel.Of(element.GetString()!),
        JsonValueKind.Number when element.TryGetInt64(out var number) => VariableLabel.Of(number),
        JsonValueKind.Array when depth < 4 && element.GetArrayLength() > 0 => VariableLabel.Of([.. element.EnumerateArray().Select(e => Label(e, depth + 1))]),
        _ => throw new QuadraticModelException($"variable_labels holds {Shown(element)}: labels are whole numbers, texts, or lists of these"),
    };

    private static string Shown(JsonElement element) => element.GetRawText() is { Length: > 40 } text ? text[..40] + "..." : element.GetRawText();

    private static JsonElement? Property(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value : null;

    private static QuadraticModelException Missing(string name) => new($"{name} is missing: the file is cut or not a binary quadratic model");

    private static string Text(JsonElement root, string name) =>
        Property(root, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw Missing(name);

    private static JsonElement Array(JsonElement root, string name, int limit)
    {
        if (Property(root, name) is not { ValueKind: JsonValueKind.Array } array) throw Missing(name);
        return array.GetArrayLength() <= limit ? array : throw new QuadraticModelException($"{name} has {array.GetArrayLength()} entries, and {limit} are allowed: make the model smaller");
    }

    private static int Count(JsonElement root, string name) =>
        Property(root, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var count) ? count : throw Missing(name);

    private static void Same(string name, int found, string other, int expected)
    {
        if (found != expected) throw new QuadraticModelException($"{name} says {found}, but {other} has {expected}: the file is cut or was changed by hand");
    }
}
