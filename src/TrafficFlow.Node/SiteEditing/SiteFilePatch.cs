using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.SiteEditing;

/// <summary>
/// Writes a draft into the text of a site file. Only what differs is written: comments, order, blank lines and whatever the editor does not know stay as they are. What was
/// written is read again and compared, so that a file that is written in an unforeseen way is refused, never spoilt.
/// </summary>
internal static class SiteFilePatch
{
    /// <param name="root">What <paramref name="text"/> says.</param>
    /// <param name="began">The draft of <paramref name="text"/>.</param>
    /// <exception cref="SiteFileException">The file is written in a way that cannot be changed here.</exception>
    public static string Apply(string text, ConfSection root, SiteDraft began, SiteDraft draft)
    {
        if (draft == began) return text;
        var edits = new TextEdits(text);
        var site = SiteDraftReader.SiteOf(root);
        Approaches(edits, site, began.Approaches, draft.Approaches);
        foreach (var camera in draft.Cameras)
        {
            if (began.Find(camera.Id) is not { } before || before == camera) continue;
            Camera(edits, Section(Section(site, "cameras"), camera.Id), before, camera);
        }

        var patched = edits.Apply();
        if (SiteDraftReader.Parse(patched) is not { } now || !IsSame(now, draft)) throw new SiteFileException("the file is written in a way in which the editor cannot change this");
        return patched;
    }

    private static void Approaches(TextEdits edits, ConfSection site, ImmutableArray<ApproachDraft> before, ImmutableArray<ApproachDraft> after)
    {
        if (before.SequenceEqual(after)) return;
        if (site.Items.GetValueOrDefault("approaches") is not ConfSection section)
        {
            edits.Insert(SectionEdits.Before(edits, site.Items["cameras"]), $"approaches {{ {string.Join(", ", after.Select(WriteApproach))} }}\n{edits.IndentationOfLine(Key(site.Items["cameras"]).Start)}");
            return;
        }

        SectionEdits.Change(edits, section, before, after, a => a.Id, (value, was, isNow) =>
        {
            if (was.Name != isNow.Name) SectionEdits.Set(edits, (ConfSection)value, "name", Quoted(isNow.Name));
        }, WriteApproach);
    }

    private static void Camera(TextEdits edits, ConfSection camera, CameraDraft before, CameraDraft after)
    {
        List(edits, camera, "masks", before.Masks, after.Masks, (value, mask) => edits.Replace(Span(value), Write(mask)), Write);
        List(edits, camera, "ground", before.Ground, after.Ground, (value, point) =>
        {
            var section = (ConfSection)value;
            var was = SiteDraftReader.Ground(0, section);
            if (was.Image != point.Image) edits.Replace(Span(section.Items["image"]), Write(point.Image));
            if (was.EastMetres != point.EastMetres || was.NorthMetres != point.NorthMetres) edits.Replace(Span(section.Items["metres"]), Metres(point));
        }, p => $"{{ image = {Write(p.Image)}, metres = {Metres(p)} }}");
        if (before.Gates.SequenceEqual(after.Gates)) return;
        SectionEdits.Change(edits, Section(camera, "gates"), before.Gates, after.Gates, g => g.Id, (value, was, isNow) =>
        {
            var section = (ConfSection)value;
            if (was.From != isNow.From) SectionEdits.Set(edits, section, "from", Write(isNow.From));
            if (was.To != isNow.To) SectionEdits.Set(edits, section, "to", Write(isNow.To));
            if (was.Forward != isNow.Forward) SectionEdits.Set(edits, section, "forward", Write(isNow.Forward));
            if (was.Backward != isNow.Backward) SectionEdits.Set(edits, section, "backward", Write(isNow.Backward));
        }, WriteGate);
    }

    private static void List<T>(TextEdits edits, ConfSection camera, string key, ImmutableArray<T> before, ImmutableArray<T> after, Action<ConfValue, T> change, Func<T, string> write) where T : class, IDraftItem<T>
    {
        if (before.SequenceEqual(after)) return;
        if (camera.Items.GetValueOrDefault(key) is ConfList list) ListEdits.Change(edits, Own(list), before, after, change, write);
        else SectionEdits.Set(edits, camera, key, $"[{string.Join(", ", after.Select(write))}]");
    }

    private static bool IsSame(SiteDraft written, SiteDraft draft) => Same(written.Approaches, draft.Approaches) && written.Cameras.Length == draft.Cameras.Length && draft.Cameras.All(c =>
        written.Find(c.Id) is { } camera && Same(camera.Masks, c.Masks) && Same(camera.Gates, c.Gates) && Same(camera.Ground, c.Ground));

    private static bool Same<T>(ImmutableArray<T> a, ImmutableArray<T> b) where T : class, IDraftItem<T> => a.Length == b.Length && a.Select((item, i) => item.SaysSame(b[i])).All(s => s);

    private static ConfSection Section(ConfSection parent, string key) => parent.Items.GetValueOrDefault(key) is ConfSection section ? Own(section) : throw new SiteFileException($"the file has no section {key} of its own");

    private static T Own<T>(T value) where T : ConfValue => value.Origin.IsIncluded ? throw new SiteFileException("a part of it stands in a file that this one includes") : value;

    private static TextSpan Span(ConfValue value) => Own(value).Written ?? throw new SiteFileException("a value is written in a form that the editor does not change");

    private static TextSpan Key(ConfValue value) => Own(value).WrittenKey ?? throw new SiteFileException("a key is written in a form that the editor does not change");

    private static string WriteApproach(ApproachDraft approach) => $"{Name(approach.Id)} {{{(approach.Name == approach.Id ? "" : $" name = {Quoted(approach.Name)} ")}}}";

    private static string WriteGate(GateDraft gate) =>
        $"{Name(gate.Id)} {{ from = {Write(gate.From)}, to = {Write(gate.To)}{(Write(gate.Forward) is { } f ? $", forward = {f}" : "")}{(Write(gate.Backward) is { } b ? $", backward = {b}" : "")} }}";

    private static string? Write(GateMeaning? meaning) => meaning is null ? null : $"{{ {(meaning.Role == GateRole.Enters ? "enters" : "exits")} = {Name(meaning.Approach.Value)} }}";

    private static string Write(MaskDraft mask) => $"[{string.Join(", ", mask.Points.Select(Write))}]";

    private static string Write(PicturePoint point) => string.Create(CultureInfo.InvariantCulture, $"[{point.X:R}, {point.Y:R}]");

    private static string Metres(GroundDraft point) => string.Create(CultureInfo.InvariantCulture, $"[{point.EastMetres:R}, {point.NorthMetres:R}]");

    /// <summary>A key or a name as it may stand without quotes, else with them.</summary>
    internal static string Name(string name) => NameRule.IsChosen(name) ? name : Quoted(name);

    internal static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text, s_plain);

    // Japanese as it is; only what HOCON wants escaped.
    private static readonly System.Text.Json.JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
