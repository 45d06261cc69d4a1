// Figures that you can adjust: trains a classifier, draws it with ScottPlot, and saves PNG files in the current folder.
// ToPlot() returns an ordinary ScottPlot figure, so everything in ScottPlot's documentation applies.
using MiniNet.ScottPlot;

var data = CsvDataset.Load(Path.Combine(AppContext.BaseDirectory, "iris.csv"), target: "species");
var run = new ClassifierRun(data, new ClassifierSettings { Seed = 1 });
run.Train();

var loss = run.History.ToPlot("iris", logarithmic: true, lossName: "cross-entropy");
loss.Title("Iris, seed 1");                                                      // change the title
loss.FigureBackground.Color = ScottPlot.Colors.AliceBlue;                        // change the background
loss.Add.VerticalLine(run.History.BestEpoch, color: ScottPlot.Colors.Gray);      // mark the best epoch
loss.SavePng("loss.png", 860, 480);

run.Test().Confusion.ToPlot("iris, test rows").SavePng("confusion.png", 680, 580);
run.Classifier.ToPlot(data, "petal_length", "petal_width").SavePng("boundary.png", 860, 640);
Console.WriteLine("Wrote loss.png, confusion.png and boundary.png.");
