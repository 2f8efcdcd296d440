using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Xml;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Simulators.Sumo;

/// <summary>
/// A junction in the words of SUMO: the plain XML files that netconvert makes a network of, and the signal programs for it. Ids are numbers of ours, so that no name of a site
/// can break a file: arm a arrives on edges "i{a}.{segment}" (0 is farthest out) and leaves on "o{a}.0" and "o{a}.1".
/// </summary>
internal sealed class SumoNetwork
{
    public const string Signal = "c";

    /// <summary>Beyond the junction a vehicle is followed for so long: as far as the cameras' exiting gates, and then until it no longer holds up anybody.</summary>
    private const double ExitGateMetres = 5;
    private const double ExitMetres = 150;

    // Where the edges' nodes lie: only the drawing hangs on it, lengths are written out.
    private const double RadiusMetres = 15;

    private readonly JunctionModel _model;
    private readonly ImmutableArray<Link> _links;

    /// <summary>One connection over the junction; its place in the list is its place in the state of a signal program.</summary>
    private readonly record struct Link(TurnId Turn, string FromEdge, int FromLane, string ToEdge, int ToLane);

    /// <param name="FromMetres">Its farther end, from the stop line.</param>
    /// <param name="Lanes">Which of the arm's lanes exist on it.</param>
    private readonly record struct Segment(string Edge, double FromMetres, double ToMetres, ImmutableArray<int> Lanes);

    public SumoNetwork(JunctionModel model)
    {
        _model = model.Validated();
        _links = [.. Enumerable.Range(0, model.Arms.Length).SelectMany(LinksOf)];
    }

    /// <summary>The edges of a movement, in order.</summary>
    public ImmutableArray<string> Route(TurnId turn) => [.. SegmentsOf(IndexOf(turn.Approach)).Select(s => s.Edge), $"o{IndexOf(turn.Exit)}.0", $"o{IndexOf(turn.Exit)}.1"];

    /// <summary>How many edges of the route, and how many metres of it, lie before the vehicle is seen.</summary>
    public (int Edges, double Metres) Unseen(TurnId turn)
    {
        var arm = _model.Arm(turn.Approach);
        if (arm.SeenMetres is not { } seen || seen >= arm.LengthMetres) return (0, 0);
        return (SegmentsOf(IndexOf(turn.Approach)).TakeWhile(s => s.ToMetres >= seen - 1e-9).Count(), arm.LengthMetres - seen);
    }

    /// <summary>Metres of the route after the exiting gate.</summary>
    public static double AfterGateMetres => ExitMetres;

    public string NodesXml() => Write("nodes", xml =>
    {
        Node(xml, Signal, 0, 0, "traffic_light");
        for (var arm = 0; arm < _model.Arms.Length; arm++)
        {
            foreach (var segment in SegmentsOf(arm)) At(xml, FromNode(segment), arm, segment.FromMetres);
            At(xml, $"o{arm}.mid", arm, ExitGateMetres, aside: 0.1);
            At(xml, $"o{arm}.end", arm, ExitGateMetres + ExitMetres, aside: 0.1);
        }

        void At(XmlWriter writer, string id, int arm, double metres, double aside = 0)
        {
            var angle = (_model.Arms[arm].BearingDegrees + aside) * Math.PI / 180;
            var radius = RadiusMetres + metres;
            Node(writer, id, radius * Math.Sin(angle), radius * Math.Cos(angle), "priority");
        }
    });

    public string EdgesXml() => Write("edges", xml =>
    {
        for (var arm = 0; arm < _model.Arms.Length; arm++)
        {
            var model = _model.Arms[arm];
            var segments = SegmentsOf(arm);
            for (var i = 0; i < segments.Length; i++)
            {
                var segment = segments[i];
                Edge(xml, segment.Edge, FromNode(segment), i + 1 < segments.Length ? FromNode(segments[i + 1]) : Signal, segment.Lanes.Length, model.SpeedLimitKmh, segment.FromMetres - segment.ToMetres);
            }

            if (model.ExitLanes == 0) continue;
            Edge(xml, $"o{arm}.0", Signal, $"o{arm}.mid", model.ExitLanes, model.SpeedLimitKmh, ExitGateMetres);
            Edge(xml, $"o{arm}.1", $"o{arm}.mid", $"o{arm}.end", model.ExitLanes, model.SpeedLimitKmh, ExitMetres);
        }
    });

    public string ConnectionsXml() => Write("connections", xml =>
    {
        foreach (var link in _links) Connection(xml, link, null);
        for (var arm = 0; arm < _model.Arms.Length; arm++)
        {
            var segments = SegmentsOf(arm);
            foreach (var (before, after) in segments.Zip(segments.Skip(1)))
            {
                for (var to = 0; to < after.Lanes.Length; to++)
                {
                    // A turn lane begins beside the nearest lane that was there before.
                    var lane = after.Lanes[to];
                    var from = Enumerable.Range(0, before.Lanes.Length).MinBy(i => Math.Abs(before.Lanes[i] - lane));
                    Connection(xml, new Link(default, before.Edge, from, after.Edge, to), null);
                }
            }

            for (var lane = 0; lane < _model.Arms[arm].ExitLanes; lane++) Connection(xml, new Link(default, $"o{arm}.0", lane, $"o{arm}.1", lane), null);
        }
    });

    /// <summary>A program of the signal, with the place of each connection in it.</summary>
    /// <param name="isOfNetwork">True for netconvert, which must be told which connections the signal has.</param>
    public string ProgramXml(SignalSteps plan, string program, bool isOfNetwork) => Write(isOfNetwork ? "tlLogics" : "additional", xml =>
    {
        Check(plan);
        xml.WriteStartElement("tlLogic");
        xml.WriteAttributeString("id", Signal);
        xml.WriteAttributeString("type", "static");
        xml.WriteAttributeString("programID", program);
        xml.WriteAttributeString("offset", Number(plan.OffsetSeconds));
        foreach (var step in plan.Steps)
        {
            xml.WriteStartElement("phase");
            xml.WriteAttributeString("duration", Number(step.Seconds));
            xml.WriteAttributeString("state", string.Concat(_links.Select(l => Letter(step.Lights.GetValueOrDefault(l.Turn)))));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        if (!isOfNetwork) return;
        for (var i = 0; i < _links.Length; i++) Connection(xml, _links[i], i);
    });

    private void Check(SignalSteps plan)
    {
        if (plan.Steps.IsDefaultOrEmpty) throw new SimulatorException("the plan has no step");
        var turns = _model.Turns.ToHashSet();
        foreach (var step in plan.Steps)
        {
            if (!(step.Seconds is > 0 and <= 3600)) throw new SimulatorException($"a step of the plan lasts {step.Seconds} s: it must be more than 0 and at most 3,600");
            if (step.Lights.Keys.FirstOrDefault(t => !turns.Contains(t)) is { Approach.Value: not null } unknown) throw new SimulatorException($"the plan shows lights to {unknown}, for which the junction has no lane");
        }

        var never = turns.Where(t => !plan.Steps.Any(s => s.Lights.GetValueOrDefault(t) is MovementLight.Green or MovementLight.GreenGivingWay)).ToList();
        if (never.Count > 0) throw new SimulatorException($"the plan never gives green to {string.Join(", ", never)}");
    }

    private IEnumerable<Link> LinksOf(int arm)
    {
        var model = _model.Arms[arm];
        var last = SegmentsOf(arm)[^1];
        foreach (var exit in model.Lanes.SelectMany(l => l.Exits).Distinct())
        {
            var to = IndexOf(exit);
            var lanes = Enumerable.Range(0, model.Lanes.Length).Where(l => model.Lanes[l].Exits.Contains(exit)).ToList();
            var exitLanes = _model.Arms[to].ExitLanes;
            for (var k = 0; k < lanes.Count; k++)
            {
                // A turn to the near side goes along the kerb, one to the far side along the middle, and whoever goes through keeps its lane.
                var lane = _model.SideOf(new TurnId(model.Approach, exit)) switch
                {
                    TurnSide.Near => k,
                    TurnSide.Across => exitLanes - lanes.Count + k,
                    _ => Math.Min(lanes[k], exitLanes - 1),
                };
                yield return new Link(new TurnId(model.Approach, exit), last.Edge, lanes[k], $"o{to}.0", Math.Clamp(lane, 0, exitLanes - 1));
            }
        }
    }

    /// <summary>From the farthest to the one before the stop line: a new one begins with each turn lane, and where the cameras begin to see.</summary>
    private ImmutableArray<Segment> SegmentsOf(int arm)
    {
        var model = _model.Arms[arm];
        var ends = model.Lanes.Select(l => l.PocketMetres).Append(model.SeenMetres).OfType<double>().Where(m => m < model.LengthMetres).Append(model.LengthMetres).Append(0)
            .Distinct().OrderDescending().ToList();
        return
        [
            .. ends.Zip(ends.Skip(1)).Select((span, i) => new Segment(
                $"i{arm}.{i}", span.First, span.Second, [.. Enumerable.Range(0, model.Lanes.Length).Where(l => model.Lanes[l].PocketMetres is not { } pocket || pocket >= span.First - 1e-9)])),
        ];
    }

    private int IndexOf(ApproachId approach)
    {
        for (var i = 0; i < _model.Arms.Length; i++)
        {
            if (_model.Arms[i].Approach == approach) return i;
        }

        throw new SimulatorException($"the junction has no {approach}, but {string.Join(", ", _model.Arms.Select(a => a.Approach))}");
    }

    private static string FromNode(Segment segment) => $"n{segment.Edge}";

    private static char Letter(MovementLight light) => light switch
    {
        MovementLight.Green => 'G',
        MovementLight.GreenGivingWay => 'g',
        MovementLight.Amber => 'y',
        _ => 'r',
    };

    private static void Node(XmlWriter xml, string id, double x, double y, string type)
    {
        xml.WriteStartElement("node");
        xml.WriteAttributeString("id", id);
        xml.WriteAttributeString("x", Number(x));
        xml.WriteAttributeString("y", Number(y));
        xml.WriteAttributeString("type", type);
        xml.WriteEndElement();
    }

    private static void Edge(XmlWriter xml, string id, string from, string to, int lanes, double limitKmh, double metres)
    {
        xml.WriteStartElement("edge");
        xml.WriteAttributeString("id", id);
        xml.WriteAttributeString("from", from);
        xml.WriteAttributeString("to", to);
        xml.WriteAttributeString("numLanes", lanes.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("speed", Number(limitKmh / 3.6));
        xml.WriteAttributeString("length", Number(metres));
        xml.WriteEndElement();
    }

    private static void Connection(XmlWriter xml, Link link, int? index)
    {
        xml.WriteStartElement("connection");
        xml.WriteAttributeString("from", link.FromEdge);
        xml.WriteAttributeString("to", link.ToEdge);
        xml.WriteAttributeString("fromLane", link.FromLane.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("toLane", link.ToLane.ToString(CultureInfo.InvariantCulture));
        if (index is { } i)
        {
            xml.WriteAttributeString("tl", Signal);
            xml.WriteAttributeString("linkIndex", i.ToString(CultureInfo.InvariantCulture));
        }

        xml.WriteEndElement();
    }

    internal static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    internal static string Write(string root, Action<XmlWriter> content)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement(root);
            content(xml);
            xml.WriteEndElement();
        }

        return text.ToString();
    }
}
