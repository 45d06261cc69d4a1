using System.Xml.Linq;
using static MiniNet.Figures.SvgParts;

namespace MiniNet.Figures;

/// <summary>Chooses places for the labels of level curves: where the curve is nearly straight and no other label is near.</summary>
internal sealed class LevelLabels(PlotFrame frame)
{
    private const double Size = 11, MinDistance = 30;
    private readonly List<(double X, double Y)> taken = [];

    /// <summary>Labels each curve that is long enough, at most the longest two of a level.</summary>
    public IEnumerable<XElement> Place(IEnumerable<(double X, double Y)[]> curves, string text)
    {
        double room = (text.Length * Size * 0.6) + 10;
        foreach ((double X, double Y)[] curve in curves.OrderByDescending(Length).Take(2).Where(curve => Length(curve) > 3 * room))
        {
            ((double X, double Y) At, double Angle, double Straight)? best = null;
            for (int i = 0; i < curve.Length; i++)
            {
                int j = i;
                for (double run = 0; j + 1 < curve.Length && run < room; j++)
                {
                    run += Distance(curve[j], curve[j + 1]);
                }

                double chord = Distance(curve[i], curve[j]), along = Length(curve[i..(j + 1)]);
                (double X, double Y) at = ((curve[i].X + curve[j].X) / 2, (curve[i].Y + curve[j].Y) / 2);
                if (along >= room && (best is null || chord / along > best.Value.Straight) && IsFree(at, room / 2))
                {
                    best = (at, Math.Atan2(curve[j].Y - curve[i].Y, curve[j].X - curve[i].X) * 180 / Math.PI, chord / along);
                }
            }

            if (best is ({ } position, double angle, > 0.97))
            {
                taken.Add(position);
                double upright = angle is > 90 or < -90 ? angle - (180 * Math.Sign(angle)) : angle;
                yield return Text(0, 4, text, size: (int)Size).WithHalo().WithAttribute("class", "label")
                    .WithAttribute("transform", $"translate({N(position.X)} {N(position.Y)}) rotate({N(upright)})");
            }
        }
    }

    private bool IsFree((double X, double Y) at, double half) =>
        at.X - half > frame.Left && at.X + half < frame.Right && at.Y - half > frame.Top && at.Y + half < frame.Bottom
        && taken.TrueForAll(other => Distance(other, at) > MinDistance);

    private static double Length((double X, double Y)[] curve) => curve.Zip(curve.Skip(1), Distance).Sum();

    private static double Distance((double X, double Y) a, (double X, double Y) b) =>
        Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));
}
