using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Logging;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Routes;
using TrafficFlow.Web.Texts;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>How it stands with what a page shows.</summary>
public enum StudyState
{
    Reading = 0,
    Shown = 1,

    /// <summary>Nobody made one of this site yet.</summary>
    None = 2,

    /// <summary>The server keeps none.</summary>
    NoShelf = 3,

    /// <summary>The one that was asked for is not there.</summary>
    Missing = 4,

    Unreadable = 5,
}

/// <summary>A page of one part of a study of one site: the newest, or the one of the address.</summary>
public abstract partial class StudyPage : ComponentBase, IDisposable
{
    private CancellationTokenSource _reading = new();
    private (string Site, string? Id, string Language)? _asked;

    [Parameter]
    public string Site { get; set; } = "";

    [SupplyParameterFromQuery(Name = "study")]
    public string? Chosen { get; set; }

    [CascadingParameter]
    public WebTexts Texts { get; set; } = null!;

    [CascadingParameter]
    public PageReader Reader { get; set; } = null!;

    [Inject]
    public WebPorts Ports { get; set; } = null!;

    [Inject]
    public ILogger<StudyPage> Log { get; set; } = null!;

    /// <summary>Null where the server has no such site.</summary>
    protected Site? Found { get; private set; }

    protected StudyState State { get; private set; }

    /// <summary>The newest first.</summary>
    protected IReadOnlyList<ListedStudy> Kept { get; private set; } = [];

    /// <summary>What is shown; null where nothing is.</summary>
    protected StudyView? View { get; private set; }

    protected ListedStudy? Shown { get; private set; }

    /// <summary>Why a study cannot be read; null where its place cannot.</summary>
    protected string? Reason { get; private set; }

    protected StudyWords Words => StudyWords.For(Texts.Language);

    protected override async Task OnParametersSetAsync()
    {
        Found = Ports.Sites().FirstOrDefault(s => s.Id.Value == Site);
        // Before there is a circuit nothing is read: the document comes at once, and the study once.
        if (Found is not { } site || !RendererInfo.IsInteractive || _asked == (Site, Chosen, Texts.Language)) return;
        _asked = (Site, Chosen, Texts.Language);
        await _reading.CancelAsync();
        _reading.Dispose();
        _reading = new CancellationTokenSource();
        (State, View, Reason) = (StudyState.Reading, null, null);
        if (Ports.Studies is not { } shelf)
        {
            State = StudyState.NoShelf;
            return;
        }

        try
        {
            await ReadAsync(shelf, site, _reading.Token);
        }
        catch (OperationCanceledException)
        {
            // Something else is shown.
        }
        catch (InvalidDataException e)
        {
            LogUnread(Log, site.Id.Value, e);
            (State, Reason) = (StudyState.Unreadable, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnread(Log, site.Id.Value, e);
            State = StudyState.Unreadable;
        }
    }

    private async Task ReadAsync(IStudyShelf shelf, Site site, CancellationToken cancellation)
    {
        // Files are read, and a study of a week is large: never in the circuit of a page.
        Kept = await Task.Run(() => shelf.ListAsync(site.Id, cancellation), cancellation);
        Shown = Chosen is null ? (Kept.Count > 0 ? Kept[0] : null) : Kept.FirstOrDefault(k => k.Id == Chosen);
        var study = Shown is { } shown ? await Task.Run(() => shelf.ReadAsync(site.Id, shown.Id, cancellation), cancellation) : null;
        if (study is null) State = Kept.Count == 0 && Chosen is null ? StudyState.None : StudyState.Missing;
        else (View, State) = (new StudyView(study, Texts.Language, isPaper: false, RouteTable.MaySeeJourneys(Reader.Roles)), StudyState.Shown);
    }

    public void Dispose()
    {
        _reading.Cancel();
        _reading.Dispose();
        GC.SuppressFinalize(this);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A study of {Site} cannot be shown: the reason follows")]
    private static partial void LogUnread(ILogger log, string site, Exception reason);
}
