using System.Text;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Analysis;

namespace TrafficFlow.SystemTests.Web.Analysis;

/// <summary>A shelf without a disk.</summary>
internal sealed class StudiesInMemory(params IReadOnlyList<JunctionStudy> studies) : IStudyShelf
{
    /// <summary>What asking for anything throws.</summary>
    public Exception? Fault { get; init; }

    public Task<IReadOnlyList<ListedStudy>> ListAsync(SiteId site, CancellationToken cancellation) => Fault is IOException fault ? throw fault
        : Task.FromResult<IReadOnlyList<ListedStudy>>([.. studies.Where(s => s.Subject.Site == site).OrderByDescending(s => s.Subject.MadeAt).Select(s => new ListedStudy(IdOf(s), s.Subject.Span, s.Subject.MadeAt))]);

    public Task<JunctionStudy?> ReadAsync(SiteId site, string id, CancellationToken cancellation) => Fault is { } fault ? throw fault : Task.FromResult(studies.FirstOrDefault(s => s.Subject.Site == site && IdOf(s) == id));

    public Task<Stream?> OpenAsync(SiteId site, string id, CancellationToken cancellation) => Task.FromResult<Stream?>(
        studies.Any(s => s.Subject.Site == site && IdOf(s) == id) ? new MemoryStream(Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}""")) : null);

    public static string IdOf(JunctionStudy study) => $"{study.Subject.Span.From:yyyyMMddHHmm}-{study.Subject.MadeAt:HHmmss}";
}
