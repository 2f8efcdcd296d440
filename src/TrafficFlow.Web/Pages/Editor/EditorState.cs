using System.Collections.Immutable;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Sites.Editing;

namespace TrafficFlow.Web.Pages.Editor;

public enum DrawingTool
{
    /// <summary>Points and shapes are moved.</summary>
    Move = 0,
    Gate = 1,
    Mask = 2,
    Ground = 3,
}

/// <summary>What one page of the editor holds: the draft with its steps, and what is looked at of it. Of one circuit; not thread-safe.</summary>
public sealed class EditorState
{
    private readonly ISiteEditor _editor;
    private readonly TimeProvider _time;
    private SiteDraft? _moving;

    /// <param name="began">The version of the file that is drawn on.</param>
    /// <param name="account">Whose page it is.</param>
    public EditorState(ISiteEditor editor, SiteFileNow began, string account, TimeProvider time)
    {
        (_editor, _time, Keeper) = (editor, time, new DraftKeeper(editor, began.Id, account, time));
        (Began, History, Camera) = (began, new DraftHistory(began.Draft), began.Draft.Cameras.FirstOrDefault()?.Id ?? "");
        Check = editor.Check(began, began.Draft);
        Refit();
    }

    /// <summary>A step was taken, or taken back.</summary>
    public event Action? Stepped;

    /// <summary>Something is shown otherwise.</summary>
    public event Action? Changed;

    public DraftKeeper Keeper { get; }

    public SiteFileNow Began { get; private set; }

    public DraftHistory History { get; private set; }

    /// <summary>The draft as it is drawn at this moment: while a point is dragged, with the point where it is.</summary>
    public SiteDraft Shown => _moving ?? History.Now;

    public bool IsMoving => _moving is not null;

    public bool IsChanged => History.Now != Began.Draft;

    public string Camera { get; private set; }

    /// <summary>The camera as its file has it: its picture's size.</summary>
    public CameraSetup? Setup => Began.Site?.FindCamera(new CameraId(Camera));

    public CameraDraft? Drawn => Shown.Find(Camera);

    public DrawingTool Tool { get; private set; }

    /// <summary>Corners of what is being drawn and is no shape yet.</summary>
    public ImmutableArray<PicturePoint> Pending { get; private set; } = [];

    public ShapeRef? Selected { get; private set; }

    public DraftCheck Check { get; private set; }

    /// <summary>Shapes of another version that are shown beneath; null for none.</summary>
    public SiteDraft? Beneath { get; private set; }

    /// <summary>How the surveyed points of the camera fit; null where no plane fits them, or there are none.</summary>
    public GroundFit? Fit { get; private set; }

    public void Choose(string camera)
    {
        (Camera, Selected, Pending, _moving) = (camera, null, [], null);
        Refit();
        Changed?.Invoke();
    }

    public void Use(DrawingTool tool)
    {
        (Tool, Pending) = (tool, []);
        Changed?.Invoke();
    }

    /// <summary>Which list stands beside the picture.</summary>
    public DraftPart List { get; private set; } = DraftPart.Gate;

    public void Show(DraftPart list)
    {
        List = list;
        Changed?.Invoke();
    }

    public void Select(ShapeRef? shape)
    {
        Selected = shape;
        if (shape is { } chosen) List = PartOf(chosen.Kind);
        Changed?.Invoke();
    }

    public void ShowBeneath(SiteDraft? draft)
    {
        Beneath = draft;
        Changed?.Invoke();
    }

    public IEnumerable<DraftFault> FaultsOf(string key) => Check.Faults.Where(f => f.Key == key || (f.Key.StartsWith(key, StringComparison.Ordinal) && f.Key[key.Length] is '.' or '['));

    public IEnumerable<DraftFault> FaultsAt(string key) => Check.Faults.Where(f => f.Key == key);

    /// <summary>What is wrong with a shape of the camera.</summary>
    public IEnumerable<DraftFault> FaultsOf(ShapeRef shape) => Drawn is not { } drawn ? [] : shape.Kind switch
    {
        ShapeKind.Gate when drawn.Gate(shape.Key) is { } gate => FaultsOf($"cameras.{Camera}.gates.{Written(gate.Id)}"),
        ShapeKind.Mask => FaultsOf($"cameras.{Camera}.masks[{Place(drawn.Masks, shape.Key)}]"),
        ShapeKind.Ground => FaultsOf($"cameras.{Camera}.ground[{Place(drawn.Ground, shape.Key)}]"),
        _ => [],
    };

    /// <summary>While something is dragged: it is judged, and no step yet.</summary>
    public void Move(Func<CameraDraft, CameraDraft> change)
    {
        if (History.Now.Find(Camera) is not { } camera) return;
        _moving = History.Now.With(change(camera));
        Judge();
    }

    /// <summary>What was dragged stays where it is, as one step.</summary>
    public void EndMove()
    {
        if (_moving is { } moved) Do(moved);
    }

    public void CancelMove()
    {
        _moving = null;
        Judge();
    }

    public void Do(Func<CameraDraft, CameraDraft> change)
    {
        if (History.Now.Find(Camera) is { } camera) Do(History.Now.With(change(camera)));
    }

    public void Do(SiteDraft next) => Step(History.Do(next));

    public void Undo() => Step(History.Undo());

    public void Redo() => Step(History.Redo());

    /// <summary>Another version of the file is drawn on from now on, with a draft on top of it.</summary>
    /// <param name="isKept">It is what is kept already, or nobody keeps anything.</param>
    public void Begin(SiteFileNow began, SiteDraft draft, bool isKept = false)
    {
        Began = began;
        Beneath = null;
        if (began.Draft.Find(Camera) is null) Camera = began.Draft.Cameras.FirstOrDefault()?.Id ?? "";
        Step(new DraftHistory(began.Draft).Do(draft), isKept);
    }

    /// <summary>The mouse, finger or pen came down and up in one place.</summary>
    public void Press(PicturePoint at)
    {
        switch (Tool)
        {
            case DrawingTool.Gate when Pending is [var from]:
                AddGate(from, at);
                break;
            case DrawingTool.Gate or DrawingTool.Mask:
                Pending = Pending.Add(CameraDraft.Inside(at));
                Changed?.Invoke();
                break;
            case DrawingTool.Ground:
                AddGround(at);
                break;
            default:
                Select(null);
                break;
        }
    }

    /// <summary>It came down in one place and up in another: a gate, or a mask with four corners.</summary>
    public void Draw(PicturePoint begin, PicturePoint to)
    {
        if (Tool == DrawingTool.Gate) AddGate(begin, to);
        else if (Tool == DrawingTool.Mask && Pending.IsEmpty) AddMask([begin, begin with { X = to.X }, to, begin with { Y = to.Y }]);
        else Press(to);
    }

    /// <summary>The corners so far are the mask.</summary>
    public void FinishMask()
    {
        if (Pending.Length >= CameraDraft.FewestCorners) AddMask(Pending);
    }

    private void AddGate(PicturePoint from, PicturePoint to) => Add(c => (c.AddGate(from, to, out var added), added));

    private void AddMask(IEnumerable<PicturePoint> points) => Add(c => (c.AddMask(points, out var added), added));

    /// <summary>On the ground where the plane so far has it, for whoever has no better figures yet.</summary>
    private void AddGround(PicturePoint at)
    {
        var ground = Fit?.Plane.ToGround(at) ?? default;
        Add(c => (c.AddGround(at, Math.Round(ground.X, 2), Math.Round(ground.Y, 2), out var added), added));
    }

    private void Add(Func<CameraDraft, (CameraDraft, ShapeRef)> add)
    {
        if (History.Now.Find(Camera) is not { } camera) return;
        var (changed, added) = add(camera);
        (Pending, Selected, List, Tool) = ([], added, PartOf(added.Kind), added.Kind == ShapeKind.Ground ? DrawingTool.Ground : DrawingTool.Move);
        Do(History.Now.With(changed));
    }

    private void Step(DraftHistory history, bool isKept = false)
    {
        (History, _moving, Pending) = (history, null, []);
        if (!isKept) Keeper.Keep(IsChanged ? new KeptDraft(Began.Version, Began.Draft, History.Now, _time.GetUtcNow()) : null);
        Judge();
        Stepped?.Invoke();
    }

    private void Judge()
    {
        Check = _editor.Check(Began, Shown);
        Refit();
        Changed?.Invoke();
    }

    private void Refit()
    {
        Fit = null;
        if (Drawn is not { Ground.Length: >= GroundPlaneFit.MinPoints } drawn || Setup is not { } setup || Check.Faults.Any(f => f.Key.StartsWith($"cameras.{Camera}.ground", StringComparison.Ordinal))) return;
        try
        {
            Fit = GroundPlaneFit.Fit([.. drawn.Ground.Select(g => g.ToReference())], (double)setup.Frame.Width / setup.Frame.Height, setup.Lens, setup.GroundErrorMetres);
        }
        catch (CalibrationException)
        {
            // The file's reader says so too, beside the points.
        }
    }

    private static DraftPart PartOf(ShapeKind kind) => kind switch
    {
        ShapeKind.Mask => DraftPart.Mask,
        ShapeKind.Gate => DraftPart.Gate,
        _ => DraftPart.Ground,
    };

    private static int Place<T>(ImmutableArray<T> items, int key) where T : class, IDraftItem<T>
    {
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Key == key) return i;
        }

        return -1;
    }

    /// <summary>As the file's reader shows a key.</summary>
    public static string Written(string id) => id.Length == 0 || id.Contains('.', StringComparison.Ordinal) || id.Any(char.IsWhiteSpace) ? $"\"{id}\"" : id;
}
